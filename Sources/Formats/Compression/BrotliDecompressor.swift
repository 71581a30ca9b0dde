import CCompression

/// Brotli (RFC 7932). It has neither a mark nor a checksum; a file is one stream.
final class BrotliDecompressor: Decompressor {
  private var state: OpaquePointer?
  let name = "brotli"
  let takesMembers = false

  deinit { if let state { BrotliDecoderDestroyInstance(state) } }

  func begin() throws(FormatError) {
    state = BrotliDecoderCreateInstance(nil, nil, nil)
    if state == nil { throw FormatError(.tooLarge, "there is no memory to unpack brotli data in") }
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    var left = input.count
    var next = input.bindMemory(to: UInt8.self).baseAddress
    var room = output.count
    var target = output.bindMemory(to: UInt8.self).baseAddress
    let result = BrotliDecoderDecompressStream(state, &left, &next, &room, &target, nil)
    input = UnsafeRawBufferPointer(rebasing: input.suffix(left))
    if result == BROTLI_DECODER_RESULT_ERROR {
      let code = BrotliDecoderGetErrorCode(state)
      throw broken(BrotliDecoderErrorString(code).map { String(cString: $0) } ?? "unknown error")
    }
    return (output.count - room, result == BROTLI_DECODER_RESULT_SUCCESS)
  }
}
