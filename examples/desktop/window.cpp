#include "window.hpp"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStatusBar>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "picture.hpp"

namespace {

constexpr int pause_milliseconds = 150;

QString beginning(Task task, const QString& mask) {
  switch (task) {
    case Task::continuation:
      return "The lamp was lit before";
    case Task::gaps:
      return "The " + mask + " was lit before the ships came in.";
    case Task::similarity:
      break;
  }
  return "The lamp was lit.\nSomeone lit the lantern.\nThe ships came in.";
}

}  // namespace

Window::Window() : runner_(new Runner) {
  qRegisterMetaType<Question>();
  qRegisterMetaType<ModelFacts>();
  qRegisterMetaType<Matrix>();
  lay_out();
  pause_.setSingleShot(true);
  connect(&pause_, &QTimer::timeout, this, &Window::ask);
  connect_runner();
  thread_.start();
  show_idle("Open a model's folder.");
}

Window::~Window() {
  supersede();
  thread_.quit();
  thread_.wait();
}

void Window::lay_out() {
  auto* const choose = new QPushButton("&Open a model ...");
  connect(choose, &QPushButton::clicked, this, &Window::choose_folder);
  task_ = new QComboBox;
  task_->addItem("Continue the text", int(Task::continuation));
  task_->addItem("Fill the gaps", int(Task::gaps));
  task_->addItem("Compare sentences", int(Task::similarity));
  connect(task_, &QComboBox::currentIndexChanged, this, [this] { pause_.start(0); });
  model_ = new QLabel;
  model_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* const top = new QHBoxLayout;
  top->addWidget(choose);
  top->addWidget(task_);
  top->addWidget(model_, 1);

  text_ = new QPlainTextEdit;
  text_->setAccessibleName("Text");
  connect(text_, &QPlainTextEdit::textChanged, this, [this] { pause_.start(pause_milliseconds); });
  answer_ = new QTextBrowser;
  answer_->setAccessibleName("Answer");
  picture_ = new Picture;
  auto* const right = new QSplitter(Qt::Vertical);
  right->addWidget(answer_);
  right->addWidget(picture_);
  auto* const both = new QSplitter;
  both->addWidget(text_);
  both->addWidget(right);
  both->setSizes({400, 560});

  auto* const page = new QWidget;
  auto* const column = new QVBoxLayout(page);
  column->addLayout(top);
  column->addWidget(both, 1);
  setCentralWidget(page);

  state_ = new QLabel;
  progress_ = new QProgressBar;
  progress_->setMaximumWidth(220);
  cancel_ = new QPushButton("&Cancel");
  connect(cancel_, &QPushButton::clicked, this, &Window::stop);
  statusBar()->addWidget(state_, 1);
  statusBar()->addPermanentWidget(progress_);
  statusBar()->addPermanentWidget(cancel_);
  connect(new QShortcut(QKeySequence("Ctrl+Q"), this), &QShortcut::activated, this, &Window::close);
  setWindowTitle("Locus");
  resize(980, 620);
}

void Window::connect_runner() {
  runner_->moveToThread(&thread_);
  connect(&thread_, &QThread::finished, runner_, &QObject::deleteLater);
  connect(this, &Window::wants_model, runner_, &Runner::open);
  connect(this, &Window::asks, runner_, &Runner::answer);
  connect(runner_, &Runner::opening, this, &Window::show_progress);
  connect(runner_, &Runner::opened, this, &Window::show_opened);
  connect(runner_, &Runner::failed, this, &Window::show_failure);
  connect(runner_, &Runner::grown, this, &Window::show_part);
  connect(runner_, &Runner::answered, this, &Window::show_answer);
  connect(runner_, &Runner::refused, this, [this](quint64 number, const QString& message) {
    show_answer(number, "<i>" + message.toHtmlEscaped() + "</i>");
  });
}

void Window::choose_folder() {
  const QString folder = QFileDialog::getExistingDirectory(this, "A model's folder");
  if (!folder.isEmpty()) open(folder);
}

void Window::open(const QString& folder) {
  const quint64 number = supersede();
  opening_ = true;
  state_->setText("Opening " + folder);
  progress_->setRange(0, 0);
  progress_->show();
  cancel_->setEnabled(true);
  emit wants_model(number, folder);
}

void Window::ask() {
  if (!open_ || opening_) return;
  const auto task = Task(task_->currentData().toInt());
  const quint64 number = supersede();  // what was asked before is of a text that is no more
  if (text_->toPlainText().isEmpty()) {
    answer_->clear();
    show_idle("");
    return;
  }
  cancel_->setEnabled(true);
  state_->setText("Running ...");
  emit asks(number, {task, text_->toPlainText()});
}

void Window::stop() {
  supersede();
  show_idle(open_ ? "Cancelled." : "Cancelled. Open a model's folder.");
}

quint64 Window::supersede() {
  runner_->supersede(++newest_);
  return newest_;
}

void Window::show_progress(quint64 number, qint64 done, qint64 total) {
  if (number != newest_) return;
  progress_->setRange(0, 1000);
  progress_->setValue(total > 0 ? int(1000.0 * double(done) / double(total)) : 0);
}

void Window::show_part(quint64 number, const QString& text) {
  if (number == newest_) answer_->setHtml(text);
}

void Window::show_answer(quint64 number, const QString& text) {
  if (number != newest_) return;
  answer_->setHtml(text);
  show_idle("");
}

void Window::show_opened(quint64 number, const ModelFacts& facts, const Matrix& picture) {
  open_ = true;  // also where it was cancelled too late: it is what the runner has
  model_->setText(
      QString("%1, %2, %3 M parameters, context %4")
          .arg(facts.family, facts.encodings.isEmpty() ? "no positions" : facts.encodings)
          .arg(double(facts.parameters) / 1e6, 0, 'f', 1)
          .arg(facts.context > 0 ? QString::number(facts.context) : "unbounded"));
  picture_->show_matrix(picture);
  const Task task = facts.task == "causal-lm"   ? Task::continuation
                    : facts.task == "masked-lm" ? Task::gaps
                                                : Task::similarity;
  if (number == newest_) show_idle("");
  task_->setCurrentIndex(task_->findData(int(task)));
  text_->setPlainText(beginning(task, facts.mask));
}

void Window::show_failure(quint64 number, const QString& message) {
  if (number != newest_) return;
  show_idle(open_ ? "" : "Open a model's folder.");
  QMessageBox::critical(this, "Locus", message);
}

void Window::show_idle(const QString& state) {
  opening_ = false;
  state_->setText(state);
  progress_->hide();
  cancel_->setEnabled(false);
}
