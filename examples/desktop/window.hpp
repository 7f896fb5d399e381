// The window: what is typed goes to the runner, what it answers is shown.
#pragma once

#include <QMainWindow>
#include <QThread>
#include <QTimer>

#include "runner.hpp"

class Picture;
class QComboBox;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTextBrowser;

class Window : public QMainWindow {
  Q_OBJECT

 public:
  Window();
  ~Window() override;
  void open(const QString& folder);

 signals:
  void wants_model(quint64 number, const QString& folder);
  void asks(quint64 number, const Question& question);

 private:
  void lay_out();
  void connect_runner();
  void choose_folder();
  void ask();
  void stop();
  quint64 supersede();  // a new number; what ran before ends
  void show_progress(quint64 number, qint64 done, qint64 total);
  void show_part(quint64 number, const QString& text);
  void show_answer(quint64 number, const QString& text);
  void show_opened(quint64 number, const ModelFacts& facts, const Matrix& picture);
  void show_failure(quint64 number, const QString& message);
  void show_idle(const QString& state);

  QThread thread_;
  Runner* runner_;  // lives in thread_
  QTimer pause_;    // a moment without typing, before a text is asked
  quint64 newest_ = 0;
  bool opening_ = false;
  bool open_ = false;

  QComboBox* task_;
  QPlainTextEdit* text_;
  QTextBrowser* answer_;
  Picture* picture_;
  QProgressBar* progress_;
  QPushButton* cancel_;
  QLabel* model_;
  QLabel* state_;
};
