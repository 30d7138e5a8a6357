# mclust's side of the search: `mclust_search.R SET FILE.csv` writes the data set to the file, then answers each line of
# standard input with a whole search: {"seconds": …, "bic": …}, smaller BIC better.
suppressMessages(library(mclust))
arguments <- commandArgs(trailingOnly = TRUE)
if (arguments[1] == "gvhd") data(GvHD) else if (arguments[1] == "diabetes") data(diabetes)
points <- switch(arguments[1],
  faithful = faithful,
  iris = iris[, 1:4],
  diabetes = diabetes[, -1],
  gvhd = GvHD.control,
  stop("unknown data set: ", arguments[1])
)
write.csv(points, arguments[2], row.names = FALSE)
answer <- function(text) {
  cat(text, "\n", sep = "")
  flush(stdout())
}
answer('{"version": "mclust"}')
input <- file("stdin", "r")
while (length(readLines(input, n = 1)) > 0) {
  took <- system.time(fit <- Mclust(points, verbose = FALSE))[["elapsed"]]
  answer(sprintf('{"seconds": %.4f, "bic": %.10g}', took, -fit$bic))
}
