import MixtureKernels

/// What happens while a search runs.
public enum SearchEvent: Sendable {
  /// A cell has a fit or the reason why there is none, or a better fit than before.
  case cell(SearchCell)

  /// The search is done.
  case finished(SearchResult)
}

extension ModelSearch {
  /// Runs the search and tells what happens: its cells as they are done, the result at the end.
  ///
  /// A task that is cancelled while it waits for an event ends the search, and what it has been told is what there is. To have a
  /// result of what is finished, let ``FitOptions/isCancelled`` say so instead.
  ///
  /// - Parameter points: those that ``run(_:)`` would take.
  /// - Returns: events, ended by what ``run(_:)`` would throw. The search runs on threads of its own.
  public func events(_ points: any PointSource) -> AsyncThrowingStream<SearchEvent, any Error> {
    AsyncThrowingStream { continuation in
      let endings = Tally()
      continuation.onTermination = { _ in endings.increment() }
      var search = self
      let (isCancelled, report) = (options.isCancelled, report)
      search.options.isCancelled = { isCancelled() || endings.count > 0 }
      search.report = { cell in
        report(cell)
        continuation.yield(.cell(cell))
      }
      inBackground { [search] in
        do {
          continuation.yield(.finished(try search.run(points)))
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
    }
  }
}
