import CLibcurl

/// One transfer's handle of libcurl, set up for one request.
struct EasyHandle: ~Copyable {
  let raw: UnsafeMutableRawPointer
  private var headers: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>

  /// - Returns: nil when there is no memory.
  init?() {
    guard let raw = curl_easy_init() else { return nil }
    self.raw = raw
    headers = nil
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    set(CURLOPT_ERRORBUFFER, pointer: errorText)
  }

  deinit {
    curl_easy_cleanup(raw)
    curl_slist_free_all(headers)
    errorText.deallocate()
  }

  /// What libcurl says about the failure; no address is in it.
  var detail: String {
    let text = String(cString: errorText)
    return text.isEmpty ? "no reason was given" : text
  }

  mutating func prepare(_ request: PreparedRequest, _ options: HTTPOptions) {
    prepareRules(options)
    prepareConnection(request, options)
    set(CURLOPT_URL, request.address.text)
    for line in request.headerLines { headers = curl_slist_append(headers, line) }
    hedgerow_curl_set_list(raw, CURLOPT_HTTPHEADER, headers)
    prepareMethod(request)
    if request.unpacksBody { set(CURLOPT_ACCEPT_ENCODING, "") }
  }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    return hedgerow_curl_get_long(raw, info, &value) == CURLE_OK ? value : 0
  }

  func size(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    return hedgerow_curl_get_size(raw, info, &value) == CURLE_OK ? Int(value) : 0
  }

  /// What holds for every request.
  private func prepareRules(_ options: HTTPOptions) {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // A path is sent as the caller wrote it: `//` and `..` may be part of an object's key.
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    // A name that is still being looked up must not hold up the other transfers when this one is given up.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_BUFFERSIZE, 128 << 10)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    set(CURLOPT_HTTP_VERSION, options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
  }

  private func prepareConnection(_ request: PreparedRequest, _ options: HTTPOptions) {
    set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(options.connectTimeout / .milliseconds(1))))
    // The empty text keeps libcurl from asking the environment on its own: the choice was made by then.
    set(CURLOPT_PROXY, request.proxy ?? "")
    set(CURLOPT_NOPROXY, "")
    if let authorities = options.authorities {
      set(CURLOPT_CAINFO, authorities)
      set(CURLOPT_PROXY_CAINFO, authorities)
    }
  }

  private func prepareMethod(_ request: PreparedRequest) {
    switch (request.method, request.body) {
    case ("GET", nil): set(CURLOPT_HTTPGET, 1)
    case ("HEAD", nil): set(CURLOPT_NOBODY, 1)
    case (let method, let body):
      // A method that usually has a body says so even when it has none: `Content-Length: 0`.
      if body != nil || ["POST", "PUT", "PATCH"].contains(method) {
        let bytes = body ?? []
        hedgerow_curl_set_size(raw, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        _ = bytes.withUnsafeBytes {
          hedgerow_curl_set_pointer(raw, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(errorText))
        }
      }
      set(CURLOPT_CUSTOMREQUEST, method)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) { hedgerow_curl_set_long(raw, option, value) }
  private func set(_ option: CURLoption, _ value: String) { hedgerow_curl_set_text(raw, option, value) }
  private func set(_ option: CURLoption, pointer: UnsafeRawPointer) { hedgerow_curl_set_pointer(raw, option, pointer) }
}
