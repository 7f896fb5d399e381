// A matrix as a heat map with its scale: blue below zero, red above.
#pragma once

#include <QImage>
#include <QWidget>

#include "runner.hpp"

class Picture : public QWidget {
 public:
  explicit Picture(QWidget* parent = nullptr);
  void show_matrix(Matrix matrix);
  QSize sizeHint() const override { return {420, 300}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Matrix matrix_;
  float greatest_ = 0;  // by its size, of the values that are finite
  QImage image_;
};
