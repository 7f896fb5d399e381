// Texts and ids.
#include "c/calls/handles.hpp"

namespace {

using namespace locus;
using namespace locus::c;

void fill(locus_tokens& result, Storage& storage, EncodedText encoded) {
  std::vector<int64_t> begins, ends;
  for (const auto& offset : encoded.offsets) {
    begins.push_back(offset ? offset->begin : -1);
    ends.push_back(offset ? offset->end : -1);
  }
  result.count = encoded.ids.size();
  result.ids = storage.keep(std::move(encoded.ids));
  result.tokens = storage.keep(std::move(encoded.tokens));
  result.begins = storage.keep(std::move(begins));
  result.ends = storage.keep(std::move(ends));
}

// A caller's function as the library's; none where there is none.
std::function<void()> check_of(locus_check check, void* user) {
  if (!check) return {};
  return [check, user] {
    if (check(user) != 0) throw Error::cancellation();
  };
}

}  // namespace

locus_status locus_tokenize(const locus_model* model, const char* text, int32_t special,
                            locus_tokens** result, locus_error** error) {
  return locus_tokenize_checked(model, text, special, nullptr, nullptr, result, error);
}

locus_status locus_tokenize_checked(const locus_model* model, const char* text, int32_t special,
                                    locus_check check, void* user, locus_tokens** result,
                                    locus_error** error) {
  return answer(result, error, [&](locus_tokens& tokens, Storage& storage) {
    const auto may_end = check_of(check, user);
    const Tokenizer& tokenizer = shared(model).tokenizer(may_end);
    const EncodeOptions options{.special = special != 0, .max_length = {}, .check = may_end};
    fill(tokens, storage, tokenizer.encode(text_of("text", text), options));
  });
}

locus_status locus_decode(const locus_model* model, const int32_t* ids, size_t count,
                          int32_t skip_special, locus_string** result, locus_error** error) {
  return locus_decode_checked(model, ids, count, skip_special, nullptr, nullptr, result, error);
}

locus_status locus_decode_checked(const locus_model* model, const int32_t* ids, size_t count,
                                  int32_t skip_special, locus_check check, void* user,
                                  locus_string** result, locus_error** error) {
  return answer(result, error, [&](locus_string& string, Storage& storage) {
    const auto may_end = check_of(check, user);
    const Tokenizer& tokenizer = shared(model).tokenizer(may_end);
    if (count > 0) expect_given("ids", ids);
    std::string text =
        tokenizer.decode({ids, count}, {.skip_special = skip_special != 0, .check = may_end});
    string.length = text.size();
    string.bytes = storage.keep(std::move(text));
  });
}
