#include <cstdio>  // jpeglib.h needs it

#include <jpeglib.h>

#include <csetjmp>
#include <cstring>
#include <exception>

#include "base/error.hpp"
#include "images/formats/decoders.hpp"

namespace locus::images {
namespace {

/// What libjpeg knows of its caller, and what it says when it gives up.
struct JpegCaller {
  jpeg_error_mgr errors;  // the first: libjpeg has its address alone
  std::jmp_buf gave_up;
  const ImageCheck* check;
  std::exception_ptr stopped = {};  // what `check` threw
  char message[JMSG_LENGTH_MAX] = "";
};

JpegCaller& caller_of(j_common_ptr jpeg) { return *reinterpret_cast<JpegCaller*>(jpeg->err); }

[[noreturn]] void give_up_jpeg(j_common_ptr jpeg) {
  JpegCaller& caller = caller_of(jpeg);
  if (caller.message[0] == '\0') caller.errors.format_message(jpeg, caller.message);
  std::longjmp(caller.gave_up, 1);
}

/// What libjpeg remarks on in whole files of careless programs. Every other warning is of damage.
bool harmless(std::string_view message) {
  return message.find("extraneous bytes before marker") != message.npos ||
         message.find("unknown JFIF revision") != message.npos ||
         message.find("Unknown Adobe color transform") != message.npos;
}

void hear_remark(j_common_ptr jpeg, int level) {
  if (level >= 0) return;  // below 0 are warnings
  char message[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, message);
  if (harmless(message)) return;
  std::strcpy(caller_of(jpeg).message, message);
  give_up_jpeg(jpeg);
}

// Called for each row of blocks, in each scan. Exceptions do not pass through libjpeg: its own jump
// waits until they are put away.
void end_jpeg_row(j_common_ptr jpeg) {
  constexpr int max_scans = 500;  // of some bytes each, and each goes over the whole image
  JpegCaller& caller = caller_of(jpeg);
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > max_scans) {
    std::strcpy(caller.message, "more than 500 scans");
    give_up_jpeg(jpeg);
  }
  try {
    if (*caller.check) (*caller.check)();
    return;
  } catch (...) {
    caller.stopped = std::current_exception();
  }
  give_up_jpeg(jpeg);
}

/// libjpeg's object; freed whichever way decoding ends.
class Jpeg {
 public:
  explicit Jpeg(const ImageCheck& check) {
    caller_.check = &check;
    jpeg_.err = jpeg_std_error(&caller_.errors);
    caller_.errors.error_exit = give_up_jpeg;
    caller_.errors.emit_message = hear_remark;
    progress_.progress_monitor = end_jpeg_row;
  }
  ~Jpeg() { jpeg_destroy_decompress(&jpeg_); }
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;

  // libjpeg leaves these two by a jump: nothing in them has a destructor.
  bool read_header(std::string_view bytes) {
    if (setjmp(caller_.gave_up)) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&jpeg_, TRUE);
    return true;
  }
  bool read_pixels(uint8_t* pixels) {
    if (setjmp(caller_.gave_up)) return false;
    jpeg_.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg_);
    while (jpeg_.output_scanline < jpeg_.output_height) {
      JSAMPROW row = pixels + size_t{3} * jpeg_.output_scanline * jpeg_.output_width;
      jpeg_read_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_decompress(&jpeg_);
    return true;
  }

  int64_t height() const { return jpeg_.image_height; }
  int64_t width() const { return jpeg_.image_width; }
  bool has_four_inks() const {
    return jpeg_.jpeg_color_space == JCS_CMYK || jpeg_.jpeg_color_space == JCS_YCCK;
  }
  /// Throws what ended the work.
  [[noreturn]] void fail(const std::string& who) const {
    if (caller_.stopped) std::rethrow_exception(caller_.stopped);
    throw Error(who, "a whole JPEG image", caller_.message);
  }

 private:
  JpegCaller caller_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
};

}  // namespace

Image decode_jpeg(const std::string& who, std::string_view bytes, const ImageCheck& check) {
  Jpeg jpeg(check);
  if (!jpeg.read_header(bytes)) jpeg.fail(who);
  if (jpeg.has_four_inks()) {
    throw Error(who, "a JPEG image of grey or colours", "one of four inks");
  }
  constexpr int64_t max_per_byte = int64_t{64} * 8;  // a block of 64 takes a bit at least
  Image image = claimed_image(who, {jpeg.height(), jpeg.width(), max_per_byte}, bytes, check);
  if (!jpeg.read_pixels(image.pixels.data())) jpeg.fail(who);
  Watch watch(check, Watch::values_of_pixels);
  return oriented(std::move(image), exif_orientation(bytes), watch);
}

}  // namespace locus::images
