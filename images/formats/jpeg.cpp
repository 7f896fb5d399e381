#include <turbojpeg.h>

#include <memory>

#include "base/error.hpp"
#include "images/formats/decoders.hpp"

namespace locus::images {
namespace {

struct DestroyJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, DestroyJpeg>;

[[noreturn]] void fail(const std::string& who, const Jpeg& jpeg) {
  throw Error(who, "a whole JPEG image", tjGetErrorStr2(jpeg.get()));
}

/// What libjpeg remarks on in whole files of careless programs. Everything else, warnings of damage
/// among it, is refused; the library's own code for its errors does not tell the two apart once
/// there was a warning.
bool harmless(std::string_view message) {
  return message.find("extraneous bytes before marker") != message.npos ||
         message.find("unknown JFIF revision") != message.npos ||
         message.find("Unknown Adobe color transform") != message.npos;
}

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Image decode_jpeg(const std::string& who, std::string_view bytes, const ImageCheck& check) {
  const Jpeg jpeg(tjInitDecompress());
  if (!jpeg) throw std::bad_alloc();
  int width = 0, height = 0, subsampling = 0, colours = 0;
  if (tjDecompressHeader3(jpeg.get(), data_of(bytes), bytes.size(), &width, &height, &subsampling,
                          &colours) != 0) {
    fail(who, jpeg);
  }
  if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
    throw Error(who, "a JPEG image of grey or colours", "one of four inks");
  }
  constexpr int64_t max_per_byte = int64_t{64} * 8;  // a block of 64 takes a bit at least
  Image image = claimed_image(who, {height, width, max_per_byte}, bytes, check);
  const int status = tjDecompress2(jpeg.get(), data_of(bytes), bytes.size(), image.pixels.data(),
                                   width, 0, height, TJPF_RGB, TJFLAG_LIMITSCANS);
  if (status != 0 && !harmless(tjGetErrorStr2(jpeg.get()))) fail(who, jpeg);
  return oriented(std::move(image), exif_orientation(bytes));
}

}  // namespace locus::images
