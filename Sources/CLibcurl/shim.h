#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt take any number of arguments, which Swift cannot call.
// Each of these passes exactly one, of the type that the option's number asks for.

static inline CURLcode hedgerow_curl_set_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode hedgerow_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode hedgerow_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode hedgerow_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode hedgerow_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return (curl_easy_setopt)(handle, option, value);
}

// The head and the body of an answer arrive here.
static inline CURLcode hedgerow_curl_on_data(
    CURL *handle, curl_write_callback head, curl_write_callback body, void *context) {
  (curl_easy_setopt)(handle, CURLOPT_HEADERFUNCTION, head);
  (curl_easy_setopt)(handle, CURLOPT_HEADERDATA, context);
  (curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, body);
  return (curl_easy_setopt)(handle, CURLOPT_WRITEDATA, context);
}

// Asked for each socket before it connects, and told when the connection is there and the request goes out.
static inline CURLcode hedgerow_curl_on_connection(
    CURL *handle, curl_opensocket_callback open, curl_prereq_callback connected, void *context) {
  (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, open);
  (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETDATA, context);
  (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, connected);
  return (curl_easy_setopt)(handle, CURLOPT_PREREQDATA, context);
}

static inline CURLcode hedgerow_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode hedgerow_curl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLMcode hedgerow_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

// A message's result is in a union, which Swift sees without names.
static inline CURLcode hedgerow_curl_result(const CURLMsg *message) { return message->data.result; }
