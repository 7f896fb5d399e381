// A tokenizer between its files and its pipeline.
#pragma once

#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/float_environment.hpp"
#include "base/watch.hpp"
#include "tokenizer/folder/folder.hpp"
#include "tokenizer/folder/tokenizer_class.hpp"

namespace locus::tokenization {

/// What a folder's files say, as a document of the kind of tokenizer.json.
struct Opened {
  std::filesystem::path folder;
  Json document;
  const TokenizerClass* type;
  Settings settings;
  bool cleans_spaces;
};

struct Opening {
  const TranslationSide& side;
  std::string_view language;
  Watch& watch;
};

/// Nothing where there is no such document: no files, or those of the SentencePiece library alone.
std::optional<Opened> open_documents(const std::filesystem::path& path, const Opening& opening);
std::unique_ptr<Pipeline> pipeline_of(const Opened& opened, Watch& watch);

/// Runs `work` whatever the host has set of arithmetic. What fails in it ends as one Error that
/// names the path, whoever throws it.
template <class Work>
auto naming(const std::filesystem::path& path, Work work) {
  try {
    const DefaultFloats floats;
    return work();
  } catch (const Error& error) {
    const std::string_view message = error.what();
    if (message.starts_with(path.string())) throw;
    throw Error(path.string() + ": " + std::string(message));
  } catch (const std::system_error&) {
    throw_as_error(path.string());
  } catch (const std::bad_alloc&) {
    throw_as_error(path.string());
  } catch (const std::exception& error) {
    throw Error(path.string(), "a well-formed tokenizer", error.what());
  }
}

}  // namespace locus::tokenization
