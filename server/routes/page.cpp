#include "server/routes/routes.hpp"

// Laid into the program by server/page/page.S.
extern "C" {
extern const char locus_server_page_begin[], locus_server_page_end[];
}

namespace locus::server {

Reply page(const Service&, const Call&) {
  return {std::string(locus_server_page_begin, locus_server_page_end), "text/html; charset=utf-8"};
}

}  // namespace locus::server
