#include <utility>

#include "base/error.hpp"
#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/text/replacing.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

// Replacements of replacements must not make gigabytes of a few tokens.
void expect_growth(std::size_t before, std::size_t after) {
  constexpr std::size_t max_growth = 64, more = 1 << 16;
  if (after <= max_growth * before + more) return;
  throw Error("decoded text", "at most " + std::to_string(max_growth * before + more) + " bytes",
              "more");
}

// What a token costs, as bytes of text.
std::size_t work_on(const std::string& token) { return token.size() + 8; }

std::size_t size_of(const std::vector<std::string>& tokens) {
  std::size_t size = 0;
  for (const std::string& token : tokens) size += token.size() + 1;
  return size;
}

constexpr std::pair<std::string_view, std::string_view> word_piece_artifacts[] = {
    {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
    {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
    {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

class WordPieceDecoder : public Decoder {
 public:
  WordPieceDecoder(std::string prefix, bool cleanup)
      : prefix_(std::move(prefix)), cleanup_(cleanup) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string& token = tokens[i];
      watch.spend(work_on(token));
      if (i > 0) {
        if (token.starts_with(prefix_)) {
          token.erase(0, prefix_.size());
        } else {
          token.insert(0, " ");
        }
      }
      if (!cleanup_) continue;
      for (const auto& [from, to] : word_piece_artifacts) replace_all(token, from, to);
    }
  }

 private:
  std::string prefix_;
  bool cleanup_;
};

class MetaspaceDecoder : public Decoder {
 public:
  MetaspaceDecoder(std::string replacement, bool strips_first)
      : replacement_(std::move(replacement)), strips_first_(strips_first) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      watch.spend(work_on(tokens[i]));
      replace_all(tokens[i], replacement_, i == 0 && strips_first_ ? "" : " ");
    }
  }

 private:
  std::string replacement_;
  bool strips_first_;
};

class ReplaceDecoder : public Decoder {
 public:
  ReplaceDecoder(Pattern pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::string& token : tokens) {
      watch.spend(work_on(token));
      token = replaced(token, watch);
    }
  }

 private:
  std::string replaced(const std::string& token, Watch& watch) const {
    std::string out;
    std::size_t at = 0;
    for (auto match = pattern_.search(token, 0, watch); match;
         match = pattern_.search(token, at, watch)) {
      expect_characters(*match, "Replace");
      out.append(token, at, match->begin - at);
      out += content_;
      expect_growth(token.size(), out.size());
      at = match->end;
    }
    out.append(token, at);
    expect_growth(token.size(), out.size());
    return out;
  }

  Pattern pattern_;
  std::string content_;
};

class FuseDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    std::string all;
    for (const std::string& token : tokens) {
      watch.spend(work_on(token));
      all += token;
    }
    tokens.assign(1, all);
  }
};

class StripDecoder : public Decoder {
 public:
  explicit StripDecoder(const StripOptions& options) : options_(options) {
    append(content_, options.content);
  }

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::string& token : tokens) {
      watch.spend(work_on(token));
      std::string_view kept = token;
      for (std::size_t i = 0; i < options_.start && kept.starts_with(content_); ++i) {
        kept.remove_prefix(content_.size());
      }
      for (std::size_t i = 0; i < options_.stop && kept.ends_with(content_); ++i) {
        kept.remove_suffix(content_.size());
      }
      if (kept.size() < token.size()) token = std::string(kept);
    }
  }

 private:
  StripOptions options_;
  std::string content_;
};

class SuffixDecoder : public Decoder {
 public:
  explicit SuffixDecoder(std::string suffix) : suffix_(std::move(suffix)) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      watch.spend(work_on(tokens[i]));
      replace_all(tokens[i], suffix_, i + 1 == tokens.size() ? "" : " ");
    }
  }

 private:
  std::string suffix_;
};

class SpacingDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      watch.spend(work_on(tokens[i]));
      tokens[i].insert(0, " ");
    }
  }
};

class DecoderSequence : public Decoder {
 public:
  explicit DecoderSequence(std::vector<DecoderPointer> steps) : steps_(std::move(steps)) {}

  void decode(std::vector<std::string>& tokens, Watch& watch) const override {
    const std::size_t size = size_of(tokens);
    for (const auto& step : steps_) {
      step->decode(tokens, watch);
      expect_growth(size, size_of(tokens));
    }
  }

 private:
  std::vector<DecoderPointer> steps_;
};

}  // namespace

DecoderPointer word_piece_decoder(std::string prefix, bool cleanup) {
  return std::make_unique<WordPieceDecoder>(std::move(prefix), cleanup);
}

DecoderPointer metaspace_decoder(std::string replacement, bool strips_first) {
  return std::make_unique<MetaspaceDecoder>(std::move(replacement), strips_first);
}

DecoderPointer replace_decoder(Pattern pattern, std::string content) {
  return std::make_unique<ReplaceDecoder>(std::move(pattern), std::move(content));
}

DecoderPointer fuse_decoder() { return std::make_unique<FuseDecoder>(); }

DecoderPointer strip_decoder(const StripOptions& options) {
  return std::make_unique<StripDecoder>(options);
}

DecoderPointer suffix_decoder(std::string suffix) {
  return std::make_unique<SuffixDecoder>(std::move(suffix));
}

DecoderPointer spacing_decoder() { return std::make_unique<SpacingDecoder>(); }

DecoderPointer decoder_sequence(std::vector<DecoderPointer> steps) {
  return std::make_unique<DecoderSequence>(std::move(steps));
}

}  // namespace locus::tokenization
