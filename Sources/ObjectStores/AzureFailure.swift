import HTTP

/// What an answer of Azure's that is no success means.
/// See https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
struct AzureFailure {
  enum Credential { case key, sas, none }

  let place: AzurePlace
  /// Nil for the container's list.
  let key: String?
  let what: String
  let credential: Credential

  func error(_ response: HTTPResponse, _ body: [UInt8]) -> ObjectStoreError {
    let document = try? XMLElement(body)
    let code = response.header("x-ms-error-code") ?? document?.text("Code") ?? "HTTP\(response.status)"
    switch (code, response.status) {
    case ("AuthenticationFailed", _), ("InvalidAuthenticationInfo", _):
      return unauthenticated(document?.text("AuthenticationErrorDetail") ?? "")
    case ("NoAuthenticationInformation", _), ("PublicAccessNotPermitted", _): return notPublic
    // To a stranger, a container that is not public is not there.
    case ("ResourceNotFound", _) where credential == .none: return notPublic
    case ("AuthorizationFailure", _), ("AuthorizationPermissionMismatch", _), ("AuthorizationResourceTypeMismatch", _),
      ("AuthorizationServiceMismatch", _), ("InsufficientAccountPermissions", _), ("KeyBasedAuthenticationNotPermitted", _),
      ("HTTP403", _):
      let right = key == nil ? "list the container \(place.container)" : "read \(what)"
      return make(denied, "These credentials may not \(right) (\(code)).", "A SAS needs the permissions read and list on the container; the account's firewall must let this machine in.")
    case ("AuthorizationSourceIPMismatch", _), ("AuthorizationProtocolMismatch", _):
      return make(denied, "The SAS does not hold for this machine or this protocol (\(code)).", "Give a SAS without that limit.")
    case ("ContainerNotFound", _), ("ContainerBeingDeleted", _), ("ContainerDisabled", _):
      return make(.noSuchBucket, "There is no container \(place.container) in \(place.account).", "Check its name, and the account.")
    case ("BlobNotFound", _), ("ResourceNotFound", _), ("HTTP404", _):
      guard key != nil else {
        return make(.noSuchBucket, "There is no container \(place.container) in \(place.account).", "Check its name, and the account.")
      }
      return make(.noSuchObject, "\(what) is not there any more.", "It was deleted since it was listed.")
    case ("ConditionNotMet", _), ("InvalidRange", _), (_, 412), (_, 416): return .changed(what)
    case ("BlobArchived", _), ("BlobBeingRehydrated", _):
      return make(.archived, "\(what) is archived.", "Set its access tier to one that can be read, or leave it out of the pattern.")
    case ("AccountIsDisabled", _): return make(denied, "The storage account \(place.account) is disabled.", "Enable it.")
    case ("ServerBusy", _), ("OperationTimedOut", _), ("InternalError", _), (_, 500...), (_, 429):
      return make(.busy, "The store is busy: \(what) was not given (\(code)).", "It is tried again.")
    default:
      return make(
        .refused(code: code), "\(what) was refused: status \(response.status), code \(code).",
        "Look the code up in the storage service's documentation.")
    }
  }

  private var notPublic: ObjectStoreError {
    make(denied, "The container \(place.container) is not public.", "Give the account's key, or a SAS.")
  }

  private var denied: ObjectStoreError.Kind { key == nil ? .mayNotList : .mayNotRead }

  private func make(_ kind: ObjectStoreError.Kind, _ message: String, _ hint: String) -> ObjectStoreError {
    ObjectStoreError(kind, message, hint: hint)
  }

  /// One code stands for a wrong key, a wrong clock and a SAS that is over; only the detail tells them apart.
  private func unauthenticated(_ detail: String) -> ObjectStoreError {
    if credential == .sas {
      return make(.wrongSecret, "The SAS is not valid, or its time is over.", "Make a new one, and copy it whole.")
    }
    if detail.contains("is old") || detail.lowercased().contains("x-ms-date") && !detail.contains("MAC signature") {
      return make(.clockSkew, "This machine's clock differs from the store's.", "Set the clock; a difference of more than 15 minutes is refused.")
    }
    return make(.wrongSecret, "The account key does not fit the account \(place.account).", "Copy the key whole from the storage account's access keys.")
  }
}
