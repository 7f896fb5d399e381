// Error handling is the one thing that text and tensors share: this header needs no engine to link.
#pragma once

#include "../engine/error.hpp"
