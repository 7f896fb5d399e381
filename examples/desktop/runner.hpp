// Everything that takes time: it lives in a thread of its own and answers by signals.
#pragma once

#include <QObject>
#include <QString>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "locus_handles.hpp"

enum class Task { continuation, gaps, similarity };

/// What an opened model is, for the window.
struct ModelFacts {
  QString family, encodings, task, mask;
  qint64 parameters = 0;
  qint64 context = 0;
};

/// A text of the window, and what to do with it.
struct Question {
  Task task = Task::continuation;
  QString text;
};

/// [rows, columns], what it shows, and what its sides are.
struct Matrix {
  int rows = 0;
  int columns = 0;
  std::vector<float> values;
  QString title;
  QString sides;
};

class Runner : public QObject {
  Q_OBJECT

 public:
  /// Ends what was asked under lower numbers, running or waiting. From any thread.
  void supersede(quint64 number);

 public slots:
  void open(quint64 number, const QString& folder);
  void answer(quint64 number, const Question& question);

 signals:
  void opening(quint64 number, qint64 done, qint64 total);
  void opened(quint64 number, const ModelFacts& facts, const Matrix& picture);
  void failed(quint64 number, const QString& message);
  /// Rich text: a continuation that still grows.
  void grown(quint64 number, const QString& text);
  /// Rich text: the whole answer.
  void answered(quint64 number, const QString& text);
  void refused(quint64 number, const QString& message);

 private:
  static int32_t on_progress(void* user, int64_t done, int64_t total);
  static int32_t on_text(void* user, int64_t prompt, const char* piece, size_t length);

  QString answer_to(const Question& question);
  QString continuation(const QString& text);
  QString gaps(const QString& text);
  QString similarity(const QString& text);

  bool superseded() const { return number_ < newest_; }

  std::mutex mutex_;  // guards open_, whose worker `supersede` cancels
  std::unique_ptr<OpenModel> open_;
  std::atomic<quint64> newest_ = 0;
  quint64 number_ = 0;  // of what runs
  QString asked_;
  QString written_;
};
