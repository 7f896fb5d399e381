#include "base/error.hpp"
#include "pipelines/tokenizers.hpp"
#include "tools/cli/arguments/common_options.hpp"
#include "tools/cli/input/text_input.hpp"
#include "tools/cli/output/output.hpp"
#include "tools/cli/terminal/table.hpp"
#include "tools/cli/verbs/tokenize/token_converter.hpp"
#include "tools/cli/verbs/verbs.hpp"

namespace locus::cli {
namespace {

constexpr size_t held_bytes = size_t{1} << 18;  // of a line; a longer one is read in parts

struct TokenizeOptions {
  CommonOptions common;
  std::vector<std::string> texts;
  std::string pair;
  std::string ids;
  bool lines_of_json = false;
  bool no_special = false;
  bool decode = false;
};

std::unique_ptr<TokenConverter> make_converter(const TokenizeOptions& options) {
  // A folder may hold a tokenizer alone.
  const std::string& model = options.common.model;
  const bool folder = std::filesystem::is_directory(model);
  const auto place = tokenizer_folder(folder ? model : find_model(model).string());
  auto tokenizer = Tokenizer::open(place);
  std::vector<UnreadKey> unread;
  for (const std::string& key : tokenizer->unread_keys()) {
    unread.push_back({(place / "tokenizer_config.json").string(), key});
  }
  warn_of_unread(unread);
  if (options.decode) return make_decoder(std::move(tokenizer), {options.no_special});
  return make_encoder(std::move(tokenizer), {options.pair, !options.no_special});
}

// One document, or a list where there are several, printed as they come: a text may have any
// length. A list that is not finished is closed: what was printed is JSON, whatever follows.
class Documents {
 public:
  Documents() = default;
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;
  ~Documents() {
    if (count_ < 2) return;
    try {
      print("]\n");
    } catch (const std::exception&) {  // the failure that ended the list is what is told
    }
  }

  void add(Printer document) {
    if (count_ == 1) {
      print("[");
      first_();
      first_ = {};
    }
    if (count_++ == 0) {
      first_ = std::move(document);
      return;
    }
    print(",");
    document();
  }
  void finish() {
    if (count_ == 1) first_();
    print(count_ == 0 ? "[]\n" : count_ == 1 ? "\n" : "]\n");
    count_ = 0;
  }

 private:
  Printer first_;  // whose form depends on whether another one comes
  int64_t count_ = 0;
};

void convert_arguments(const TokenConverter& converter, const std::vector<std::string>& inputs,
                       bool json) {
  Documents documents;
  for (const auto& input : inputs) {
    if (input.empty()) throw Error("text", "a text that is not empty", "nothing");
    if (json) {
      documents.add([text = converter.json("text", input)] { print(text); });
    } else {
      print(converter.table("text", input));
    }
  }
  if (json) documents.finish();
}

// One line in, one line out at once, so that another program can hold a conversation.
void convert_json_lines(const TokenConverter& converter) {
  for_each_line([&](const std::string& who, const std::string& line) {
    const auto input = detail::parse_json(who, line);
    print(converter.json_of({input, who}) + "\n");
  });
}

/// A line of stdin, of which the beginning was read.
struct Line {
  std::string head;
  bool whole = false;
  LongInput rest;  // with the head
};

Line begin_line(const std::string& who, const ReadBytes& read) {
  std::string head = read(held_bytes);
  const bool whole = head.size() < held_bytes;
  ReadOn rest = [head, &read](size_t bytes) mutable {
    std::string part = head.substr(0, bytes);
    head.erase(0, part.size());
    return part.size() < bytes ? part + read(bytes - part.size()) : part;
  };
  return {std::move(head), whole, {who, std::move(rest)}};
}

void convert_lines(const TokenConverter& converter, bool json) {
  Documents documents;
  for_each_long_line([&](const std::string& who, const ReadBytes& read) {
    const Line line = begin_line(who, read);
    if (json && line.whole) {
      documents.add([text = converter.json(who, line.head)] { print(text); });
    } else if (json) {
      documents.add(converter.make_json(line.rest));
    } else if (line.whole) {
      print(converter.line(who, line.head));
    } else {
      converter.print_line(line.rest);
    }
  });
  if (json) documents.finish();
}

void tokenize(const TokenizeOptions& options) {
  const auto converter = make_converter(options);
  if (options.lines_of_json) return convert_json_lines(*converter);
  auto inputs = options.texts;
  if (!options.ids.empty()) inputs.push_back(options.ids);
  if (inputs.empty()) return convert_lines(*converter, options.common.json);
  convert_arguments(*converter, inputs, options.common.json);
}

}  // namespace

Action add_tokenize(Arguments& arguments) {
  const auto options = std::make_shared<TokenizeOptions>();
  add_model(arguments, options->common);
  arguments.positional("TEXT", &options->texts, "a text (default: every line of stdin)");
  arguments
      .flag("--jsonl", options->lines_of_json,
            "stdin holds a JSON string a line; answer each with a JSON object")
      .excludes({"TEXT", "--ids"});
  arguments
      .option("--pair", &options->pair, {"TEXT", "a second text, joined as the tokenizer does it"})
      .excludes({"--decode"});
  arguments.flag("--no-special", options->no_special, "no special tokens, added or decoded");
  arguments.flag("--decode", options->decode, "from ids to text: TEXT or stdin holds ids");
  arguments.option("--ids", &options->ids, {"ID,ID,...", "the ids to decode"}).needs({"--decode"});
  arguments.idle(
      {"--threads", "--precision", "--encoding", "--family", "--class", "--leave-surplus"});
  arguments.example("locus tokenize causal-rope 'Positions matter.' --json");
  return [options] { tokenize(*options); };
}

}  // namespace locus::cli
