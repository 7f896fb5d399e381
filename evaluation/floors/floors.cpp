#include "evaluation/floors.hpp"

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/json/json.hpp"
#include "base/read_file.hpp"
#include "base/watch.hpp"
#include "evaluation/floors/trigram.hpp"

namespace locus {
namespace {

/// (count + 1) / (sum + V)
Frequencies add_one(const std::vector<uint32_t>& counts) {
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  Frequencies frequencies;
  for (const uint32_t count : counts) {
    frequencies.push_back((count + 1.0) / (sum + static_cast<double>(counts.size())));
  }
  return frequencies;
}

double share_in(const detail::JsonPlace& shares, const char* key) {
  const auto share = shares.at(key);
  const bool number = share.value().is_number();
  if (!number || share.value() < 0 || share.value() >= 1) share.refuse("a share below 1");
  return share.value();
}

}  // namespace

struct Floors::State {
  Frequencies frequencies, continuations;  // [V]
  evaluation::NgramLevel bigram, trigram;
  uint32_t opening = 0;
  double share_before = 0, share_around = 0;
  std::string vocabulary, corpus;
  std::map<std::string, double> validation;

  double p(uint32_t before, uint32_t last, uint16_t token) const {
    const auto size = static_cast<uint32_t>(frequencies.size());
    const double alone = continuations[token];
    return trigram.p(before * size + last, token, bigram.p(last, token, alone));
  }
};

Floors::Floors(std::unique_ptr<State> state) : state_(std::move(state)) {}
Floors::~Floors() = default;
Floors::Floors(Floors&&) noexcept = default;

Floors Floors::open(const std::filesystem::path& folder) {
  const auto file = folder / "floors.json";
  const auto about = detail::parse_json(file.string(), read_file(file));
  const detail::JsonPlace place(about, file.string());
  const Weights weights = open_safetensors(folder / "floors.safetensors");
  auto state = std::make_unique<State>();
  const auto counts = evaluation::values_of<uint32_t>(weights, "counts");
  const auto before = evaluation::values_of<uint32_t>(weights, "unigram");
  if (counts.empty() || counts.size() > 1u << 16 || before.size() != counts.size()) {
    throw Error((folder / "floors.safetensors").string(), "counts of 1 to 65,536 tokens",
                std::to_string(counts.size()));
  }
  const auto size = static_cast<int64_t>(counts.size());
  state->frequencies = add_one(counts);
  state->continuations = add_one(before);
  state->bigram = evaluation::NgramLevel(weights, "bigram", size);
  state->trigram = evaluation::NgramLevel(weights, "trigram", size);
  const auto opening = place.at("opening");
  if (opening.integer() < 0 || opening.integer() >= size) opening.refuse("an id of the vocabulary");
  state->opening = static_cast<uint32_t>(opening.integer());
  state->share_before = share_in(place.at("document_share"), "causal");
  state->share_around = share_in(place.at("document_share"), "masked");
  state->vocabulary = place.at("vocabulary").text();
  state->corpus = place.at("corpus").text();
  if (const auto losses = place.find("validation")) {
    for (const auto& [name, loss] : losses->members()) {
      if (!loss.value().is_number()) loss.refuse("a number");
      state->validation[name] = loss.value();
    }
  }
  return Floors(std::move(state));
}

int64_t Floors::vocabulary() const { return static_cast<int64_t>(state_->frequencies.size()); }
const std::string& Floors::vocabulary_sha256() const { return state_->vocabulary; }
const std::string& Floors::corpus_sha256() const { return state_->corpus; }
const Frequencies& Floors::frequencies() const { return state_->frequencies; }
const std::map<std::string, double>& Floors::validation() const { return state_->validation; }
double Floors::document_share(Sight sight) const {
  return sight == Sight::before ? state_->share_before : state_->share_around;
}

FloorLosses Floors::trigram_losses(std::span<const Text> texts,
                                   const std::function<void()>& check) const {
  Watch watch(check);
  FloorLosses losses = frequency_losses(texts, state_->frequencies, check);  // which checks the ids
  for (size_t text = 0; text < texts.size(); ++text) {
    uint32_t before = state_->opening, last = state_->opening;
    for (size_t i = 0; i < texts[text].ids.size(); ++i) {
      watch.spend(Watch::bytes_per_token);
      const auto token = static_cast<uint16_t>(texts[text].ids[i]);
      losses[text][i] = -std::log(state_->p(before, last, token));
      before = last;
      last = token;
    }
  }
  return losses;
}

}  // namespace locus
