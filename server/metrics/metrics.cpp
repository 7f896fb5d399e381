#include "server/metrics/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace locus::server {
namespace {

std::string number(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string with(const std::string& labels, const std::string& more) {
  return "{" + labels + (labels.empty() || more.empty() ? "" : ",") + more + "}";
}

std::string heading(const std::string& name, const std::string& kind, const std::string& meaning) {
  return "# HELP " + name + " " + meaning + "\n# TYPE " + name + " " + kind + "\n";
}

std::string counter(const std::string& name, const std::string& meaning, uint64_t value) {
  return heading(name, "counter", meaning) + name + " " + std::to_string(value) + "\n";
}

/// A label's value (Prometheus' text format, version 0.0.4).
std::string escaped(const std::string& value) {
  std::string text;
  for (const char character : value) {
    if (character == '"' || character == '\\') text += '\\';
    text += character == '\n' ? ' ' : character;
  }
  return text;
}

}  // namespace

void Histogram::add(double value) {
  const auto place = std::ranges::lower_bound(bounds, value) - bounds.begin();
  ++counts_[static_cast<size_t>(place)];
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  std::string text;
  uint64_t count = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    count += counts_[i];
    const std::string bound = i < bounds.size() ? number(bounds[i]) : "+Inf";
    text += name + "_bucket" + with(labels, "le=\"" + bound + "\"") + " " + std::to_string(count) +
            "\n";
  }
  const std::string only = labels.empty() ? "" : with(labels, "");
  text += name + "_sum" + only + " " + number(sum_) + "\n";
  return text + name + "_count" + only + " " + std::to_string(count) + "\n";
}

void Metrics::count_request(const std::string& route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
  seconds_[route].add(seconds);
}

void Metrics::count_run(size_t requests, double seconds) {
  const std::lock_guard lock(mutex_);
  run_requests_ += requests;
  run_seconds_.add(seconds);
}

void Metrics::count_tokens(int64_t read, int64_t written) {
  const std::lock_guard lock(mutex_);
  read_ += read;
  written_ += written;
}

void Metrics::count_given_up() noexcept {
  const std::lock_guard lock(mutex_);
  ++given_up_;
}

std::string Metrics::text(const std::map<std::string, size_t>& waiting) const {
  const std::lock_guard lock(mutex_);
  std::string text = heading("locus_requests_total", "counter", "Requests answered.");
  for (const auto& [key, count] : requests_) {
    text += "locus_requests_total{route=\"" + key.first + "\",status=\"" +
            std::to_string(key.second) + "\"} " + std::to_string(count) + "\n";
  }
  text += heading("locus_request_seconds", "histogram", "From a request's arrival to its answer.");
  for (const auto& [route, seconds] : seconds_) {
    text += seconds.text("locus_request_seconds", "route=\"" + route + "\"");
  }
  text += heading("locus_queue_requests", "gauge", "Requests that wait for a model.");
  for (const auto& [model, count] : waiting) {
    text +=
        "locus_queue_requests{model=\"" + escaped(model) + "\"} " + std::to_string(count) + "\n";
  }
  text += heading("locus_run_seconds", "histogram", "Time of a model's run.");
  text += run_seconds_.text("locus_run_seconds", "");
  text += counter("locus_run_requests_total", "Requests that runs answered.", run_requests_);
  text += counter("locus_given_up_total", "Requests whose client went away or whose time ended.",
                  given_up_);
  text += counter("locus_read_tokens_total", "Tokens of prompts and texts.",
                  static_cast<uint64_t>(read_));
  return text + counter("locus_written_tokens_total", "Tokens that were generated.",
                        static_cast<uint64_t>(written_));
}

}  // namespace locus::server
