// A Node-API addon written by hand: what a call costs where nothing stands between JavaScript and C but Node-API.
#include <node_api.h>

static napi_value empty(napi_env env, napi_callback_info info) { return NULL; }

static napi_value fib(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  uint32_t n = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_value_uint32(env, argument, &n);
  uint64_t a = 0, b = 1;
  while (n-- > 0) {
    uint64_t next = a + b;
    a = b;
    b = next;
  }
  napi_create_bigint_uint64(env, a, &result);
  return result;
}

static napi_value sum(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value argument, result;
  double *values = NULL, total = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  napi_get_typedarray_info(env, argument, NULL, &length, (void **)&values, NULL, NULL);
  for (size_t i = 0; i < length; i++) total += values[i];
  napi_create_double(env, total, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "empty", NAPI_AUTO_LENGTH, empty, NULL, &function);
  napi_set_named_property(env, exports, "empty", function);
  napi_create_function(env, "fib", NAPI_AUTO_LENGTH, fib, NULL, &function);
  napi_set_named_property(env, exports, "fib", function);
  napi_create_function(env, "sum", NAPI_AUTO_LENGTH, sum, NULL, &function);
  napi_set_named_property(env, exports, "sum", function);
  return exports;
}

// The same for koffi, as plain C.
void plain_empty(void) {}
uint64_t plain_fib(uint32_t n) {
  uint64_t a = 0, b = 1;
  while (n-- > 0) {
    uint64_t next = a + b;
    a = b;
    b = next;
  }
  return a;
}
double plain_sum(const double *values, uint32_t length) {
  double total = 0;
  for (uint32_t i = 0; i < length; i++) total += values[i];
  return total;
}
