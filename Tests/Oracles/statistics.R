# Reference values for Tests/StatisticsTests, printed as JSON: R 4.2.2 with pROC 1.18.
#   Rscript Tests/Oracles/statistics.R > Tests/StatisticsTests/Fixtures/reference.json
# The data are drawn here, so the file holds all that a test needs.
suppressMessages(library(pROC))
num <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), sprintf("\"%s\"", x))
vec <- function(x) paste0("[", paste(num(as.numeric(x)), collapse = ","), "]")
mat <- function(m) paste0("[", paste(apply(m, 1, vec), collapse = ","), "]")
obj <- function(l) paste0("{", paste0("\"", names(l), "\":", unlist(l), collapse = ","), "}")

set.seed(20261123)
n <- 60
y <- rbinom(n, 1, 0.4)
a <- round(plogis(0.9 * y - 0.3 + rnorm(n)), 2)
b <- round(plogis(0.4 * y - 0.2 + rnorm(n)), 2)
ra <- roc(y, a, levels = c(0, 1), direction = "<", quiet = TRUE)
rb <- roc(y, b, levels = c(0, 1), direction = "<", quiet = TRUE)
test <- roc.test(ra, rb, method = "delong", paired = TRUE)
set.seed(1)
boot <- ci.auc(ra, method = "bootstrap", boot.n = 20000, boot.stratified = TRUE, progress = "none")
fit <- glm(y ~ qlogis(a), family = binomial, control = list(epsilon = 1e-15, maxit = 100))
large <- glm(y ~ 1, offset = qlogis(a), family = binomial, control = list(epsilon = 1e-15, maxit = 100))
binary <- obj(list(
  labels = vec(y), a = vec(a), b = vec(b), auc = vec(c(auc(ra), auc(rb))), variance = vec(c(var(ra), var(rb))),
  ci = vec(ci.auc(ra)[c(1, 3)]), paired = vec(c(test$statistic, test$p.value)), bootstrap = vec(boot[c(1, 3)]),
  recalibration = vec(coef(fit)), slopeError = num(sqrt(vcov(fit)[2, 2])), inTheLarge = num(coef(large)),
  brier = num(mean((a - y)^2))))

special <- obj(list(
  pt = vec(2 * pt(c(0.3, 1.5, 4, 9), c(1, 7, 2.5, 60), lower.tail = FALSE)),
  qt = vec(qt(0.975, c(1, 4, 29, 1000.5))),
  pf = vec(pf(c(0.2, 1, 3.7, 25), c(1, 3, 2.5, 10), c(4, 9.5, 30, 2), lower.tail = FALSE)),
  qf = vec(qf(c(0.025, 0.5, 0.975, 0.999), c(1, 3, 9.7, 40), c(4, 9.5, 31.2, 2))),
  pchisq = vec(pchisq(c(0.01, 1, 12.6, 80, 300), c(1, 4, 1, 30, 96), lower.tail = FALSE)),
  pnorm = vec(pnorm(c(-8, -1.96, 0, 0.5, 6))), qnorm = vec(qnorm(c(1e-300, 1e-9, 0.025, 0.3, 0.975, 1 - 1e-12))),
  pbeta = vec(pbeta(c(0.001, 0.2, 0.5, 0.97), c(0.5, 24, 3, 100), c(2, 7, 0.7, 4))),
  qbeta = vec(qbeta(c(0.025, 0.975, 0.5, 1e-6), c(24, 25, 0.5, 2), c(7, 6, 0.5, 300))),
  pgamma = vec(pgamma(c(0.1, 3, 50, 2), c(0.5, 3, 30, 10)))))

x1 <- rnorm(11); x2 <- rnorm(14, 0.8); x3 <- rnorm(55); x4 <- round(rnorm(30, 0.4), 1); x5 <- round(rnorm(25), 1)
w <- function(x, y, ...) { t <- suppressWarnings(wilcox.test(x, y, ...)); vec(c(t$statistic, t$p.value)) }
wilcoxon <- obj(list(
  x1 = vec(x1), x2 = vec(x2), x3 = vec(x3), x4 = vec(x4), x5 = vec(x5), small = w(x1, x2), large = w(x2, x3),
  ties = w(x4, x5), uncorrected = w(x4, x5, correct = FALSE)))
k <- function(x, y, e) { t <- suppressWarnings(ks.test(x, y, exact = e)); vec(c(t$statistic, t$p.value)) }
ks <- obj(list(small = k(x1, x2, TRUE), large = k(x2, x3, TRUE)))

# Counts as in small clinical tables; the third is 5 x 2 with a group of very unequal outcome.
tables <- list(matrix(c(22, 20, 50, 21), 2), matrix(c(3, 0, 4, 9), 2), matrix(c(42, 1, 12, 8, 9, 1, 3, 6, 6, 25), 5),
  matrix(c(4, 6, 2, 8, 1, 3, 7, 2, 9), 3), matrix(c(1, 0, 5, 2, 3, 3, 0, 4, 6, 2, 2, 1), 3), matrix(c(12, 0, 30, 5, 7, 9, 2, 3), 4))
one <- function(m) {
  f <- fisher.test(m, workspace = 2e7)
  x <- suppressWarnings(chisq.test(m)); u <- suppressWarnings(chisq.test(m, correct = FALSE))
  obj(list(table = mat(m), fisher = num(f$p.value), yates = vec(c(x$statistic, x$p.value)),
    plain = vec(c(u$statistic, u$p.value, u$parameter)), expected = num(min(x$expected))))
}
odds <- sapply(tables[1], function(m) uniroot(function(l) {
  s <- max(0, sum(m[1, ]) + sum(m[, 1]) - sum(m)):min(sum(m[1, ]), sum(m[, 1]))
  d <- dhyper(s, sum(m[, 1]), sum(m[, 2]), sum(m[1, ]), log = TRUE) + l * s
  d <- exp(d - max(d)); sum(s * d) / sum(d) - m[1, 1] }, c(-10, 10), tol = 1e-14)$root)
# R's own fisher.test solves for its interval with a tolerance of 1e-4 only: the same equations, solved to the end.
oddsInterval <- function(m) {
  s <- max(0, sum(m[1, ]) + sum(m[, 1]) - sum(m)):min(sum(m[1, ]), sum(m[, 1]))
  tail <- function(l, upper) {
    d <- dhyper(s, sum(m[, 1]), sum(m[, 2]), sum(m[1, ]), log = TRUE) + l * s
    d <- exp(d - max(d)); sum(d[if (upper) s >= m[1, 1] else s <= m[1, 1]]) / sum(d)
  }
  solve <- function(upper) exp(uniroot(function(l) tail(l, upper) - 0.025, c(-20, 20), tol = 1e-14)$root)
  found <- c(if (m[1, 1] == min(s)) 0 else solve(TRUE), if (m[1, 1] == max(s)) Inf else solve(FALSE))
  stopifnot(all.equal(found, as.numeric(fisher.test(m)$conf.int), tolerance = 1e-3))
  vec(found)
}
p <- c(0.01, 0.04, 0.03, 0.005, 0.5, 0.04)

# Six subjects and four judges: Shrout and Fleiss 1979, table 2.
judges <- matrix(c(9, 6, 8, 7, 10, 6, 2, 1, 4, 1, 5, 2, 5, 3, 6, 2, 6, 4, 8, 2, 8, 6, 9, 7), 6)
icc <- function(x) {
  n <- nrow(x); k <- ncol(x); long <- data.frame(v = as.vector(x), s = factor(row(x)), j = factor(col(x)))
  ms <- anova(lm(v ~ s + j, long))[["Mean Sq"]]; r <- ms[1]; cc <- ms[2]; e <- ms[3]
  i3 <- (r - e) / (r + (k - 1) * e); i2 <- (r - e) / (r + (k - 1) * e + k * (cc - e) / n)
  l3 <- r / e / qf(0.975, n - 1, (n - 1) * (k - 1)); u3 <- r / e * qf(0.975, (n - 1) * (k - 1), n - 1)
  fj <- cc / e; q <- n * (1 + (k - 1) * i2) - k * i2
  v <- (n - 1) * (k - 1) * (k * i2 * fj + q)^2 / ((n - 1) * k^2 * i2^2 * fj^2 + q^2)
  f <- qf(0.975, n - 1, v); g <- qf(0.975, v, n - 1); z <- k * cc + (k * n - k - n) * e
  obj(list(ratings = mat(x), agreement = vec(c(i2, n * (r - f * e) / (f * z + n * r), n * (g * r - e) / (z + n * g * r))),
    consistency = vec(c(i3, (l3 - 1) / (l3 + k - 1), (u3 - 1) / (u3 + k - 1)))))
}
# Calibration by loess: Austin and Steyerberg 2019. Rounded, so that probabilities are tied.
m <- 160
q <- round(plogis(rnorm(m, -0.4, 1.2)), 3)
z <- rbinom(m, 1, plogis(0.5 + 0.6 * qlogis(q)))
smooth <- fitted(loess(z ~ q, control = loess.control(surface = "direct")))
e <- abs(smooth - q)
loess <- obj(list(labels = vec(z), p = vec(q), curve = vec(smooth),
  index = vec(c(mean(e), quantile(e, c(0.5, 0.9), type = 7), max(e)))))
cat(obj(list(source = "\"R 4.2.2, pROC 1.18; Tests/Oracles/statistics.R\"", binary = binary, special = special,
  wilcoxon = wilcoxon, kolmogorovSmirnov = ks, tables = paste0("[", paste(sapply(tables, one), collapse = ","), "]"),
  conditionalOddsRatio = num(exp(odds)), oddsIntervals = paste0("[", paste(sapply(tables[1:2], oddsInterval), collapse = ","), "]"), loess = loess, benjaminiHochberg = obj(list(p = vec(p), adjusted = vec(p.adjust(p, "BH")))),
  quantile7 = obj(list(x = vec(x1), q = vec(quantile(x1, c(0, 0.025, 0.25, 0.5, 0.9, 1), type = 7)))), icc = icc(judges))), "\n")
