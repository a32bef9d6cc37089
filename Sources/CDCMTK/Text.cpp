#include <iconv.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "CDCMTK.h"
#include "Setup.hpp"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dcspchrs.h"

namespace {

bool isHigh(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

bool isPlain(const std::string &text) {
  for (char c : text)
    if (isHigh(c) || c == '\x1B') return false;
  return true;
}

/// Two high bytes side by side: Chinese text has them, European text in Latin-1 hardly ever.
bool hasHighPair(const std::string &text) {
  for (size_t i = 1; i < text.size(); i++)
    if (isHigh(text[i - 1]) && isHigh(text[i])) return true;
  return false;
}

/// Converts with glibc's iconv; false when any byte is not valid in `from`.
bool convert(const char *from, const std::string &text, std::string &out) {
  const iconv_t converter = iconv_open("UTF-8", from);
  if (converter == reinterpret_cast<iconv_t>(-1)) return false;
  std::string buffer(text.size() * 4 + 16, '\0');
  char *input = const_cast<char *>(text.data());
  size_t inputLeft = text.size();
  char *output = buffer.data();
  size_t outputLeft = buffer.size();
  const size_t result = iconv(converter, &input, &inputLeft, &output, &outputLeft);
  iconv_close(converter);
  if (result != 0 || inputLeft != 0) return false;
  buffer.resize(buffer.size() - outputLeft);
  out = std::move(buffer);
  return true;
}

bool convertDeclared(const std::string &text, const std::string &characterSet, std::string &out) {
  DcmSpecificCharacterSet converter;
  if (converter.selectCharacterSet(OFString(characterSet.data(), characterSet.size()), "ISO_IR 192").bad()) return false;
  OFString converted;
  // The delimiters switch the character set back: component and group marks of a person name, and the backslash.
  if (converter.convertString(OFString(text.data(), text.size()), converted, "\\^=").bad()) return false;
  std::string result(converted.data(), converted.size());
  std::string checked;
  if (!convert("UTF-8", result, checked)) return false;
  out = std::move(checked);
  return true;
}

/// The first value of a Specific Character Set says how plain (unescaped) high bytes are to be read.
bool declaresNoChinese(const std::string &characterSet) {
  return characterSet.empty() || characterSet == "ISO_IR 6" || characterSet == "ISO_IR 100" ||
         characterSet == "ISO 2022 IR 6" || characterSet == "ISO 2022 IR 100";
}

/// Text that switches its set by escapes which the declared set does not announce, or announces in the wrong place:
/// Chinese (ISO 2022 IR 58), Korean (IR 149) or Japanese (IR 87, 159).
bool convertEscapes(const std::string &text, std::string &out) {
  const struct {
    const char *escape, *charset;
  } doubleByte[] = {{"\x1B$)A", "GB18030"}, {"\x1B$)C", "EUC-KR"}};
  for (const auto &set : doubleByte) {
    if (text.find(set.escape) == std::string::npos) continue;
    // These sets are in the upper half; what else is escaped to is ASCII.
    std::string rest;
    for (size_t i = 0; i < text.size(); i++) {
      if (text.compare(i, 4, set.escape) == 0) i += 3;
      else if (text.compare(i, 3, "\x1B(B") == 0) i += 2;
      else rest += text[i];
    }
    return rest.find('\x1B') == std::string::npos && convert(set.charset, rest, out);
  }
  return convert("ISO-2022-JP-2", text, out) && out.find('\x1B') == std::string::npos;
}

cdcm_text_origin decode(const std::string &text, const std::string &characterSet, std::string &out) {
  if (isPlain(text)) {
    out = text;
    return CDCM_TEXT_DECLARED;
  }
  const bool hasEscape = text.find('\x1B') != std::string::npos;
  if (declaresNoChinese(characterSet) && !hasEscape && hasHighPair(text)) {
    if (convert("UTF-8", text, out) || convert("GBK", text, out)) return CDCM_TEXT_GUESSED;
  }
  const bool isDeclared = convertDeclared(text, characterSet, out);
  if (hasEscape && (!isDeclared || out.find('\x1B') != std::string::npos)) {
    std::string better;
    if (convertEscapes(text, better)) {
      out = better;
      // A set that is declared, though not quite as the decoder wants it, is no guess.
      return characterSet.find("ISO 2022") != std::string::npos ? CDCM_TEXT_DECLARED : CDCM_TEXT_GUESSED;
    }
  }
  if (isDeclared) return CDCM_TEXT_DECLARED;
  if (convert("UTF-8", text, out) || (hasHighPair(text) && convert("GB18030", text, out))) return CDCM_TEXT_GUESSED;
  if (convert("ISO-8859-1", text, out)) return CDCM_TEXT_REPLACED;
  out.clear();
  return CDCM_TEXT_REPLACED;
}

}  // namespace

extern "C" cdcm_status cdcm_text(const char *bytes, size_t count, const char *character_set, char **utf8,
                                 size_t *utf8_count, cdcm_text_origin *origin) try {
  cdcm::setUp();
  *utf8 = nullptr;
  *utf8_count = 0;
  std::string out;
  *origin = decode(std::string(bytes, count), character_set, out);
  char *copy = static_cast<char *>(std::malloc(out.size() + 1));
  if (copy == nullptr) return CDCM_EXCEPTION;
  std::memcpy(copy, out.data(), out.size());
  copy[out.size()] = '\0';
  *utf8 = copy;
  *utf8_count = out.size();
  return CDCM_OK;
} catch (...) {
  return CDCM_EXCEPTION;
}

extern "C" void cdcm_free(void *memory) { std::free(memory); }
