// Armadillo's side of the benchmark: armadillo_worker STRUCTURE DATA.npy START
// VVV is gmm_full, VVI gmm_diag; it knows no others.

#include <armadillo>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

// A matrix of float64 from an NPY file of version 1, transposed: Armadillo wants a column per point.
static arma::mat read_npy(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  char start[10];
  file.read(start, 10);
  std::string header((unsigned char)start[8] + 256 * (unsigned char)start[9], ' ');
  file.read(&header[0], (std::streamsize)header.size());
  unsigned long long rows = 0, columns = 0;
  const char *shape = header.c_str() + header.find("'shape': (") + 10;
  if (!file || std::sscanf(shape, "%llu, %llu", &rows, &columns) != 2)
    throw std::runtime_error(path + ": not an NPY matrix");
  arma::mat matrix(columns, rows);
  file.read((char *)matrix.memptr(), (std::streamsize)(8 * rows * columns));
  return matrix;
}

static arma::cube unit(const arma::gmm_full &, arma::uword d, arma::uword k) {
  arma::cube units(d, d, k);
  units.each_slice() = arma::eye(d, d);
  return units;
}
static arma::mat unit(const arma::gmm_diag &, arma::uword d, arma::uword k) {
  return arma::mat(d, k, arma::fill::ones);
}

template <typename Work> static double seconds_of(Work work) {
  auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

template <typename Model> static void serve(const arma::mat &points, const arma::mat &means) {
  const auto d = means.n_rows, k = means.n_cols;
  Model model;
  std::cout.precision(17);
  std::cout << "{\"version\": \"Armadillo " << arma::arma_version::as_string() << "\"}" << std::endl;
  for (std::string line, command; std::getline(std::cin, line);) {
    std::istringstream words(line);
    words >> command;
    if (command == "iterate") {
      arma::uword count = 0;
      words >> count;
      model.set_params(means, unit(model, d, k), arma::rowvec(k).fill(1.0 / (double)k));
      const double seconds = seconds_of([&] {
        model.learn(points, k, arma::maha_dist, arma::keep_existing, 0, count, 1e-300, false);
      });
      std::cout << "{\"seconds\": " << seconds << ", \"iterations\": " << count
                << ", \"logLikelihood\": " << model.sum_log_p(points) << "}" << std::endl;
    } else if (command == "predict") {
      arma::urowvec labels;
      const double seconds = seconds_of([&] { labels = model.assign(points, arma::prob_dist); });
      arma::uvec counts(k);
      for (const auto label : labels) counts(label)++;
      std::cout << "{\"seconds\": " << seconds << ", \"counts\": [" << counts(0);
      for (arma::uword j = 1; j < k; j++) std::cout << ", " << counts(j);
      std::cout << "]}" << std::endl;
    }
  }
}

int main(int, char **arguments) {
  const arma::mat points = read_npy(arguments[2]);
  const arma::mat means = read_npy(std::string(arguments[3]) + ".npy");
  if (std::string(arguments[1]) == "VVV")
    serve<arma::gmm_full>(points, means);
  else
    serve<arma::gmm_diag>(points, means);
}
