#include "picture.hpp"

#include <QPainter>
#include <cmath>
#include <utility>

namespace {

/// `value` from -1 to 1; what is not finite is gray.
QRgb colour(float value) {
  if (!std::isfinite(value)) return qRgb(128, 128, 128);
  const int faded = 255 - int(std::lround(std::fabs(value) * 255));
  return value < 0 ? qRgb(faded, faded, 255) : qRgb(255, faded, faded);
}

}  // namespace

Picture::Picture(QWidget* parent) : QWidget(parent) { setMinimumSize(240, 160); }

void Picture::show_matrix(Matrix matrix) {
  matrix_ = std::move(matrix);
  greatest_ = 0;
  for (const float value : matrix_.values) {
    if (std::isfinite(value)) greatest_ = std::max(greatest_, std::fabs(value));
  }
  image_ = QImage(matrix_.columns, matrix_.rows, QImage::Format_RGB32);
  const float scale = greatest_ > 0 ? 1 / greatest_ : 0;
  for (int row = 0; row < matrix_.rows; ++row) {
    for (int column = 0; column < matrix_.columns; ++column) {
      const float value = matrix_.values[size_t(row) * matrix_.columns + column];
      image_.setPixel(column, row, colour(std::isfinite(value) ? value * scale : value));
    }
  }
  setAccessibleName(matrix_.title);
  update();
}

void Picture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const int line = painter.fontMetrics().height();
  painter.drawText(QRect(0, 0, width(), line), Qt::AlignLeft,
                   painter.fontMetrics().elidedText(matrix_.title, Qt::ElideRight, width()));
  const QRect area(0, line + 4, width(), height() - 2 * line - 8);
  if (image_.isNull()) return;
  painter.drawImage(area, image_);
  painter.drawRect(area.adjusted(0, 0, -1, -1));
  const QString extent = QString::number(greatest_, 'g', 3);
  painter.drawText(QRect(0, height() - line, width(), line), Qt::AlignLeft,
                   QString("%1. Blue -%2, white 0, red %2.").arg(matrix_.sides, extent));
}
