# mclust's side of the benchmark: Rscript mclust_worker.R STRUCTURE DATA.npy START
# mclust::me starts from responsibilities: those under the start, so that its first M-step is that of the others.
suppressPackageStartupMessages(library(mclust))

arguments <- commandArgs(trailingOnly = TRUE)
structure <- arguments[1]

# A matrix of float64 from an NPY file of version 1.
read_npy <- function(path) {
  file <- file(path, "rb")
  on.exit(close(file))
  readBin(file, "raw", 8)
  header <- rawToChar(readBin(file, "raw", readBin(file, "integer", 1, size = 2, signed = FALSE)))
  shape <- as.integer(strsplit(sub(".*'shape': \\(([0-9]+), ([0-9]+)\\).*", "\\1 \\2", header), " ")[[1]])
  matrix(readBin(file, "double", prod(shape)), shape[1], shape[2], byrow = TRUE)
}

points <- read_npy(arguments[2])
means <- read_npy(paste0(arguments[3], ".npy"))
logs <- points %*% t(means) - rep(rowSums(means^2) / 2, each = nrow(points))
logs <- exp(logs - apply(logs, 1, max))
responsibilities <- logs / rowSums(logs)
rm(logs)

iterate <- function(count) {
  begin <- Sys.time()
  fit <- me(points, structure, responsibilities,
            control = emControl(eps = 0, tol = c(0, 0), itmax = c(count, count)), warn = FALSE)
  seconds <- as.numeric(Sys.time() - begin, units = "secs")
  sprintf('{"seconds": %.17g, "logLikelihood": %.17g, "iterations": %d}', seconds, fit$loglik, count)
}

answer <- function(line) {
  cat(line, "\n", sep = "")
  flush(stdout())
}

answer(sprintf('{"version": "mclust %s, R %s"}', packageVersion("mclust"), getRversion()))
commands <- file("stdin", "r")
while (length(line <- readLines(commands, 1)) > 0) {
  words <- strsplit(line, " ")[[1]]
  if (words[1] == "iterate") answer(iterate(as.integer(words[2])))
}
