// In the place of png.cpp and jpeg.cpp where Locus is built without LOCUS_IMAGE_FILES.
#include "base/error.hpp"
#include "images/formats/decoders.hpp"

namespace locus::images {

Image decode_png(const std::string& who, std::string_view) {
  throw Error(who, "a program that was built with libpng (LOCUS_IMAGE_FILES)", "one without it");
}

Image decode_jpeg(const std::string& who, std::string_view) {
  throw Error(who, "a program that was built with libjpeg (LOCUS_IMAGE_FILES)", "one without it");
}

}  // namespace locus::images
