#include <utility>

#include "tokenizer/decoders/decoder.hpp"
#include "tokenizer/text/replacing.hpp"
#include "tokenizer/text/utf8.hpp"

namespace locus::tokenization {
namespace {

constexpr std::pair<std::string_view, std::string_view> word_piece_artifacts[] = {
    {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
    {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
    {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

class WordPieceDecoder : public Decoder {
 public:
  WordPieceDecoder(std::string prefix, bool cleanup)
      : prefix_(std::move(prefix)), cleanup_(cleanup) {}

  void decode(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string& token = tokens[i];
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

  void decode(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
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

  void decode(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) token = replaced(token);
  }

 private:
  std::string replaced(const std::string& token) const {
    std::string out;
    std::size_t at = 0;
    for (auto match = pattern_.search(token, 0); match && match->end > match->begin;
         match = pattern_.search(token, at)) {
      out.append(token, at, match->begin - at);
      out += content_;
      at = match->end;
    }
    return out.append(token, at);
  }

  Pattern pattern_;
  std::string content_;
};

class FuseDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens) const override {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens.assign(1, std::move(all));
  }
};

class StripDecoder : public Decoder {
 public:
  explicit StripDecoder(const StripOptions& options) : options_(options) {
    append(content_, options.content);
  }

  void decode(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) {
      for (std::size_t i = 0; i < options_.start && token.starts_with(content_); ++i) {
        token.erase(0, content_.size());
      }
      for (std::size_t i = 0; i < options_.stop && token.ends_with(content_); ++i) {
        token.erase(token.size() - content_.size());
      }
    }
  }

 private:
  StripOptions options_;
  std::string content_;
};

class SuffixDecoder : public Decoder {
 public:
  explicit SuffixDecoder(std::string suffix) : suffix_(std::move(suffix)) {}

  void decode(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      replace_all(tokens[i], suffix_, i + 1 == tokens.size() ? "" : " ");
    }
  }

 private:
  std::string suffix_;
};

class SpacingDecoder : public Decoder {
 public:
  void decode(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 1; i < tokens.size(); ++i) tokens[i].insert(0, " ");
  }
};

class DecoderSequence : public Decoder {
 public:
  explicit DecoderSequence(std::vector<DecoderPointer> steps) : steps_(std::move(steps)) {}

  void decode(std::vector<std::string>& tokens) const override {
    for (const auto& step : steps_) step->decode(tokens);
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
