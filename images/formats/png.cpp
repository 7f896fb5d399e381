#include <png.h>

#include <csetjmp>
#include <cstring>
#include <exception>

#include "base/error.hpp"
#include "images/formats/decoders.hpp"

namespace locus::images {
namespace {

/// What libpng reads from, and what it says when it gives up.
struct PngSource {
  std::string_view bytes;
  const ImageCheck& check;
  size_t place = 0;
  std::exception_ptr stopped = {};  // what `check` threw
  char message[200] = "";
};

void read_png_bytes(png_structp png, png_bytep to, size_t count) {
  auto* source = static_cast<PngSource*>(png_get_io_ptr(png));
  if (source->bytes.size() - source->place < count) png_error(png, "the file is cut off");
  std::memcpy(to, source->bytes.data() + source->place, count);
  source->place += count;
}

[[noreturn]] void give_up(png_structp png, png_const_charp message) {
  auto* source = static_cast<PngSource*>(png_get_error_ptr(png));
  std::strncpy(source->message, message, sizeof source->message - 1);
  png_longjmp(png, 1);
}

// Exceptions do not pass through libpng, and its own jump waits until they are put away.
void end_row(png_structp png, png_uint_32, int) {
  auto* source = static_cast<PngSource*>(png_get_io_ptr(png));
  try {
    if (source->check) source->check();
    return;
  } catch (...) {
    source->stopped = std::current_exception();
  }
  png_error(png, "given up");
}

void ignore_warning(png_structp, png_const_charp) {}

/// Everything becomes 8 bits of red, green and blue.
void ask_for_colours(png_structp png) {
  png_set_expand(png);
  png_set_strip_16(png);  // the high byte, as Pillow
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
}

/// libpng's objects; freed whichever way decoding ends.
class Png {
 public:
  explicit Png(PngSource& source)
      : source_(source),
        png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, give_up, ignore_warning)),
        info_(png_ ? png_create_info_struct(png_) : nullptr) {
    if (!info_) throw std::bad_alloc();
    png_set_read_fn(png_, &source, read_png_bytes);
    png_set_read_status_fn(png_, end_row);
    png_set_user_limits(png_, 1 << 24, 1 << 24);
    png_set_chunk_malloc_max(png_, 8 << 20);
    png_set_chunk_cache_max(png_, 64);
  }
  ~Png() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;

  // libpng leaves these two by a jump: nothing in them has a destructor.
  bool read_header() {
    if (setjmp(png_jmpbuf(png_))) return false;
    png_read_info(png_, info_);
    return true;
  }
  bool read_pixels(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_))) return false;
    ask_for_colours(png_);
    png_read_update_info(png_, info_);
    if (png_get_rowbytes(png_, info_) != size_t{3} * png_get_image_width(png_, info_)) {
      png_error(png_, "pixels of another kind");
    }
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  Claim claim() const {
    constexpr int64_t inflated = int64_t{1032} * 8;  // bits of one byte at most: deflate's best
    const int64_t bits = int64_t{png_get_bit_depth(png_, info_)} * png_get_channels(png_, info_);
    return {png_get_image_height(png_, info_), png_get_image_width(png_, info_), inflated / bits};
  }
  bool deep_grey() const {
    return png_get_bit_depth(png_, info_) == 16 &&
           !(png_get_color_type(png_, info_) & PNG_COLOR_MASK_COLOR);
  }
  const char* message() const { return source_.message; }

 private:
  PngSource& source_;
  png_structp png_;
  png_infop info_;
};

}  // namespace

Image decode_png(const std::string& who, std::string_view bytes, const ImageCheck& check) {
  PngSource source{bytes, check};
  Png png(source);
  const auto fail = [&] {
    if (source.stopped) std::rethrow_exception(source.stopped);
    throw Error(who, "a whole PNG image", png.message());
  };
  if (!png.read_header()) fail();
  if (png.deep_grey()) throw Error(who, "a grey image of 8 bits", "16 bits");
  Image image = claimed_image(who, png.claim(), bytes, check);
  std::vector<png_bytep> rows;
  for (int64_t row = 0; row < image.height; ++row) {
    rows.push_back(image.pixels.data() + row * image.width * 3);
  }
  if (!png.read_pixels(rows.data())) fail();
  return image;
}

}  // namespace locus::images
