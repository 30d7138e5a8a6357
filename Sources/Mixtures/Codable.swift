// Values as data: decoding checks what the initialisers check.

extension Gaussian: Codable {
  private enum CodingKeys: CodingKey {
    case mean, covariance
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      mean: container.decode([Double].self, forKey: .mean),
      covariance: container.decode(Covariance.self, forKey: .covariance))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(covariance, forKey: .covariance)
  }
}

extension Mixture: Codable where Component: Codable {
  private enum CodingKeys: CodingKey {
    case weights, components, background
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      weights: container.decode([Double].self, forKey: .weights),
      components: container.decode([Component].self, forKey: .components),
      background: container.decodeIfPresent(Background.self, forKey: .background))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(weights, forKey: .weights)
    try container.encode(components, forKey: .components)
    try container.encodeIfPresent(background, forKey: .background)
  }
}
