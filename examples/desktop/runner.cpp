#include "runner.hpp"

#include <QByteArray>
#include <QStringList>
#include <algorithm>
#include <cmath>

namespace {

constexpr int64_t pictured_length = 48;

/// What the encoding adds to scores where it does, otherwise its rows' inner products.
Matrix picture_of(const OpenModel& open) {
  locus_encoding_options options = {};
  options.struct_size = sizeof options;
  options.length = pictured_length;
  for (const int kind : {LOCUS_BIAS, LOCUS_RESPONSE, LOCUS_PRODUCTS}) {
    options.kind = kind;
    const auto matrix = result_of<locus_matrix>([&](auto result, auto error) {
      return locus_encoding(open.model, nullptr, &options, result, error);
    });
    if (matrix->rows == 0) continue;
    const bool products = kind == LOCUS_PRODUCTS;
    const QString name = matrix->encoding;
    const QString last = QString::number(pictured_length - 1);
    return {.rows = int(matrix->rows),
            .columns = int(matrix->columns),
            .values = {matrix->values, matrix->values + matrix->rows * matrix->columns},
            .title = name + (products ? ": inner products of positions" : ": added to scores"),
            .sides = products ? "positions 0 to " + last
                              : "across: key - query, -" + last + " to " + last + "; down: heads"};
  }
  return {0, 0, {}, "no encoding of positions", {}};
}

ModelFacts facts_of(const OpenModel& open) {
  const auto facts = result_of<locus_description>(
      [&](auto result, auto error) { return locus_describe(open.model, result, error); });
  return {facts->family,     facts->encodings,  facts->task,
          facts->mask_token, facts->parameters, facts->context};
}

QString continued(const QString& text, const QString& written) {
  return QString("<span style='color:gray'>%1</span><b>%2</b>")
      .arg(text.toHtmlEscaped(), written.toHtmlEscaped())
      .replace('\n', "<br>");
}

/// From -1, opposite, to 1, the same direction.
double cosine(const float* a, const float* b, size_t width) {
  double product = 0, of_a = 0, of_b = 0;
  for (size_t i = 0; i < width; ++i) {
    product += double(a[i]) * b[i];
    of_a += double(a[i]) * a[i];
    of_b += double(b[i]) * b[i];
  }
  return of_a > 0 && of_b > 0 ? product / std::sqrt(of_a * of_b) : 0;
}

/// A row of a table: a bar of at most 160 pixels, a number, a text.
QString bar_row(double share, const QString& number, const QString& text) {
  const int width = std::clamp(int(share * 160), 1, 160);
  return QString(
             "<tr><td width='168'><table cellspacing='0'><tr>"
             "<td bgcolor='#4477aa' width='%1'>&nbsp;</td></tr></table></td>"
             "<td align='right'>%2&nbsp;&nbsp;</td><td>%3</td></tr>")
      .arg(width)
      .arg(number, text.toHtmlEscaped());
}

}  // namespace

int32_t Runner::on_progress(void* user, int64_t done, int64_t total) {
  auto& runner = *static_cast<Runner*>(user);
  emit runner.opening(runner.number_, done, total);
  return runner.superseded() ? 1 : 0;
}

int32_t Runner::on_text(void* user, int64_t, const char* piece, size_t length) {
  auto& runner = *static_cast<Runner*>(user);
  runner.written_ += QString::fromUtf8(piece, qsizetype(length));
  emit runner.grown(runner.number_, continued(runner.asked_, runner.written_));
  return runner.superseded() ? 1 : 0;
}

void Runner::supersede(quint64 number) {
  newest_ = number;  // before the worker is cancelled: `answer` resumes it, and then looks here
  const std::lock_guard lock(mutex_);
  if (open_) locus_cancel(open_->worker);
}

void Runner::open(quint64 number, const QString& folder) try {
  number_ = number;
  locus_open_options options = {};
  options.struct_size = sizeof options;
  options.progress = on_progress;
  options.user = this;
  auto next = std::make_unique<OpenModel>(folder.toStdString(), options);
  const ModelFacts facts = facts_of(*next);
  const Matrix picture = picture_of(*next);
  if (superseded()) return;
  {
    const std::lock_guard lock(mutex_);
    open_.swap(next);
  }
  emit opened(number, facts, picture);
} catch (const LocusError& error) {
  if (!error.cancelled) emit failed(number, error.what());
}

void Runner::answer(quint64 number, const Question& question) try {
  if (!open_) return;
  number_ = number;
  locus_resume(open_->worker);
  if (superseded()) return;
  emit answered(number, answer_to(question));
} catch (const LocusError& error) {
  if (!error.cancelled) emit refused(number, error.what());
}

QString Runner::answer_to(const Question& question) {
  switch (question.task) {
    case Task::continuation:
      return continuation(question.text);
    case Task::gaps:
      return gaps(question.text);
    case Task::similarity:
      break;
  }
  return similarity(question.text);
}

QString Runner::continuation(const QString& text) {
  asked_ = text;
  written_.clear();
  locus_generate_options options = {};
  options.struct_size = sizeof options;
  options.max_tokens = 40;
  options.temperature = LOCUS_GREEDY;
  options.on_text = on_text;
  options.user = this;
  const QByteArray prompt = text.toUtf8();
  const char* const prompts[] = {prompt.constData()};
  const auto texts = result_of<locus_texts>([&](auto result, auto error) {
    return locus_generate(open_->worker, prompts, 1, &options, result, error);
  });
  return continued(text, texts->texts[0]) + QString("<p><small>%1 tokens, %2 s</small>")
                                                .arg(texts->id_counts[0])
                                                .arg(texts->seconds, 0, 'f', 2);
}

QString Runner::gaps(const QString& text) {
  const auto found = result_of<locus_candidates>([&](auto result, auto error) {
    return locus_fill_mask(open_->worker, text.toUtf8().constData(), 8, result, error);
  });
  QString rows;
  for (size_t i = 0; i < found->count; ++i) {
    if (i > 0 && found->gap[i] != found->gap[i - 1]) rows += "<tr><td colspan='3'><hr></td></tr>";
    rows += bar_row(found->probabilities[i], QString::number(found->probabilities[i], 'f', 4),
                    found->tokens[i]);
  }
  return "<table>" + rows + "</table>";
}

/// The first line beside each of the others, the nearest first.
QString Runner::similarity(const QString& text) {
  std::vector<QByteArray> lines;
  for (const QString& line : text.split('\n', Qt::SkipEmptyParts)) lines.push_back(line.toUtf8());
  if (lines.size() < 2)
    return "<i>Write one sentence a line: the first is compared with the others.</i>";
  std::vector<const char*> texts;
  for (const QByteArray& line : lines) texts.push_back(line.constData());
  const auto vectors = result_of<locus_vectors>([&](auto result, auto error) {
    return locus_embed(open_->worker, texts.data(), texts.size(), nullptr, result, error);
  });
  std::vector<std::pair<double, size_t>> ranked;
  for (size_t i = 1; i < vectors->rows; ++i) {
    ranked.emplace_back(
        cosine(vectors->values, vectors->values + i * vectors->width, vectors->width), i);
  }
  std::sort(ranked.rbegin(), ranked.rend());
  QString rows;
  for (const auto& [value, line] : ranked) {
    rows += bar_row(std::max(value, 0.0), QString::number(value, 'f', 4), lines[line]);
  }
  return "<table>" + rows + "</table>";
}
