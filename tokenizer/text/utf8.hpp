// Code points of UTF-8 text, by their short names.
#pragma once

#include "base/utf8.hpp"

namespace locus::tokenization {

using namespace utf8;

}  // namespace locus::tokenization
