package akari.errors;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;

/** Says why a file could not or must not be used: the exceptions of the JDK often say no more than its name. */
public final class FileTrouble {
    private FileTrouble() {}

    /** A reason that can follow the file's name and a colon. */
    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "something of that name is in the way";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case NotDirectoryException _ -> "it is no folder";
            case CharacterCodingException _ -> "it is no UTF-8 text";
            case FileSystemException f when f.getReason() != null -> plain(f.getReason());
            case IOException other
            when other.getMessage() == null -> other.getClass().getSimpleName();
            default -> plain(Objects.requireNonNull(e.getMessage()));
        };
    }

    /**
     * Refuses what is no ordinary file, following links: a named pipe would wait for a writer for ever, a device may never end.
     *
     * @throws IOException where there is no such file, or it is a folder, a named pipe, a device or a socket
     */
    public static void requireRegular(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            String kind = attributes.isDirectory() ? "it is a folder" : "it is " + special(file) + ", not a file";
            throw new FileSystemException(file.toString(), null, kind);
        }
    }

    /** By the file type bits of POSIX's {@code st_mode}. */
    private static String special(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return "a device";
        }
        return switch ((Integer) Files.getAttribute(file, "unix:mode") & 0170000) {
            case 0010000 -> "a named pipe";
            case 0140000 -> "a socket";
            default -> "a device";
        };
    }

    private static String plain(String reason) {
        return switch (reason.toLowerCase(Locale.ROOT)) {
            case "is a directory" -> "it is a folder";
            case "not a directory" -> "part of the path is a file, not a folder";
            default -> reason;
        };
    }
}
