#include "server/api/refusal.hpp"
#include "server/routes/completion/answer.hpp"

namespace locus::server {
namespace {

/// A completion on its way to a client.
class CompletionStream {
 public:
  CompletionStream(const Service& service, std::shared_ptr<Engine> engine,
                   CompletionRequest request, const Call& call)
      : service_(service),
        engine_(std::move(engine)),
        request_(std::move(request)),
        call_(call),
        job_(request_.job(*engine_)),
        head_(completion_head(*engine_)),
        sent_(job_->size()) {}

  ~CompletionStream() {
    if (!job_->ended_within(std::chrono::milliseconds(0))) engine_->writer().give_up(*job_);
  }
  CompletionStream(const CompletionStream&) = delete;
  CompletionStream& operator=(const CompletionStream&) = delete;

  /// Starts, and waits until there is something to send.
  void start() {
    engine_->writer().submit(job_);
    while (pieces_.empty() && !wait()) {
    }
    if (pieces_.empty()) job_->check();
  }

  void send(const WritePiece& write) {
    write_ = &write;
    try {
      send_prompts();
      bool ended = false;
      do {
        for (const Piece& piece : pieces_) send_piece(piece);
        pieces_.clear();
        ended = wait();
      } while (!ended || !pieces_.empty());
      job_->check();
      send_ends();
    } catch (const ClientGone&) {
      engine_->writer().give_up(*job_);
    } catch (...) {
      (*write_)("data: " +
                json_line({{"error", error_json(refusal_of(std::current_exception()))}}) + "\n\n");
    }
  }

 private:
  struct ClientGone {};

  /// Fetches what was written meanwhile; whether the job has ended.
  bool wait() {
    const bool ended = job_->ended_within(std::chrono::milliseconds(0));
    pieces_ = job_->pieces_within(between_looks);
    if (!ended) engine_->writer().check(*job_, call_);
    return ended;
  }

  void send_event(const std::string& text) {
    if (!(*write_)("data: " + text + "\n\n")) throw ClientGone();
  }

  void send_choice(size_t index, const std::string& text, const Json& finish) {
    Json event = head_;
    event["choices"] = Json::array(
        {{{"text", text}, {"index", index}, {"logprobs", nullptr}, {"finish_reason", finish}}});
    send_event(json_line(event));
  }

  void send_prompts() {
    if (!request_.wishes.echo) return;
    for (size_t i = 0; i < sent_.size(); ++i) {
      const size_t prompt = i / static_cast<size_t>(request_.n);
      send_choice(i, prompt_text(*engine_, request_, prompt), nullptr);
    }
  }

  void send_piece(const Piece& piece) {
    const auto index = static_cast<size_t>(piece.prompt);
    sent_[index] += piece.text.size();
    send_choice(index, piece.text, nullptr);
  }

  // A beam search has no pieces: its texts are there all at once.
  void send_ends() {
    for (size_t i = 0; i < sent_.size(); ++i) {
      const GeneratedText& result = job_->results()[i];
      const std::string rest = result.text.substr(std::min(sent_[i], result.text.size()));
      send_choice(i, rest, finish_reason(result.finish));
    }
    const Json usage = usage_json(request_, *job_);
    service_.metrics.count_tokens(usage["prompt_tokens"], usage["completion_tokens"]);
    if (request_.stream_usage) {
      Json event = head_;
      event["choices"] = Json::array();
      event["usage"] = usage;
      send_event(json_line(event));
    }
    send_event("[DONE]");
  }

  const Service& service_;
  std::shared_ptr<Engine> engine_;
  CompletionRequest request_;
  Call call_;
  std::shared_ptr<CompletionJob> job_;
  Json head_;
  std::vector<size_t> sent_;  // bytes of each text
  std::vector<Piece> pieces_;
  const WritePiece* write_ = nullptr;
};

}  // namespace

Reply stream_completion(const Service& service, std::shared_ptr<Engine> engine,
                        CompletionRequest request, const Call& call) {
  const auto stream =
      std::make_shared<CompletionStream>(service, std::move(engine), std::move(request), call);
  stream->start();
  Reply reply;
  reply.type = "text/event-stream";
  reply.pieces = [stream](const WritePiece& write) { stream->send(write); };
  return reply;
}

}  // namespace locus::server
