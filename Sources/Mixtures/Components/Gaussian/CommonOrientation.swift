import MixtureKernels

extension CovarianceStructure {
  /// One volume and orientation, and a shape per component: Σₖ = λ DAₖDᵀ, |Aₖ| = 1.
  ///
  /// For axes D the likelihood is highest at Aₖ ∝ diag(DᵀWₖD) and λ = Σₖ |diag(DᵀWₖD)|^(1/d) / n, and the axes are those
  /// for which that λ is smallest.
  public static let eve = CovarianceStructure(
    "EVE", scatterShape: .full,
    covarianceParameterCount: { dimension, components in
      1 + components * (dimension - 1) + packedCount(dimension - 1)
    },
    innerLoop: { scatters in
      let axes = CommonAxes(scatters, minimising: .sumOfVolumes)
      let factors = scatters.factorsToOneVolume(axes.scatters.map(geometricMean))
      return axes.estimate { k in axes.scatters[k].map { factors[k] * $0 } }
    })

  /// One orientation, and a volume and a shape per component: Σₖ = D diag(DᵀWₖD) Dᵀ / Nₖ with the axes D for which
  /// Σₖ Nₖ ln |diag(DᵀWₖD)| is smallest: common principal components.
  public static let vve = CovarianceStructure(
    "VVE", scatterShape: .full,
    covarianceParameterCount: { dimension, components in
      components * dimension + packedCount(dimension - 1)
    },
    innerLoop: { scatters in
      let axes = CommonAxes(scatters, minimising: .sumOfLogarithms)
      return axes.estimate { k in
        axes.scatters[k].map { $0 / scatters.components[k].effectiveCount }
      }
    })
}
