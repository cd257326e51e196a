/**
 * Words that every user of Akari writes: element types ({@link akari.core.DType}), sizes ({@link akari.core.Shape}), devices, and the geometry of
 * convolutions and pooling. Values without behaviour of a device; nothing here knows the engine.
 */
@NullMarked
package akari.core;

import org.jspecify.annotations.NullMarked;
