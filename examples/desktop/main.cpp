// A desktop program on the C interface: open a model's folder and type.
//
//   desktop [MODEL]
#include <QApplication>

#include "window.hpp"

int main(int count, char** arguments) {
  QApplication application(count, arguments);
  Window window;
  window.show();
  const QStringList given = QApplication::arguments();
  if (given.size() > 1) window.open(given[1]);
  return QApplication::exec();
}
