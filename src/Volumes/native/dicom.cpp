#include "decoder.h"

#include <gdcmImageReader.h>
#include <gdcmTrace.h>
#include <iostream>
#include <iterator>
#include <sstream>
#include <vector>

namespace osteon {

// The file on stdin is of our own making: an image module and one frame's fragments, and nothing of a patient.
void decode_dicom() {
    gdcm::Trace::DebugOff();
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();

    std::istringstream file(std::string(std::istreambuf_iterator<char>(std::cin), {}));
    gdcm::ImageReader reader;
    reader.SetStream(file);
    if (!reader.Read()) {
        throw Fault("GDCM cannot read its pixel data");
    }

    const gdcm::Image& image = reader.GetImage();
    std::vector<char> pixels(image.GetBufferLength());
    if (pixels.empty() || !image.GetBuffer(pixels.data())) {
        throw Fault("GDCM cannot decode its pixel data");
    }

    const gdcm::PixelFormat format = image.GetPixelFormat();
    std::ostringstream about;
    about << image.GetRows() << ' ' << image.GetColumns() << ' ' << format.GetSamplesPerPixel() << ' ' << format.GetBitsAllocated() << ' '
          << format.GetBitsStored() << ' ' << format.GetHighBit() << ' ' << format.GetPixelRepresentation() << ' ' << image.GetPlanarConfiguration() << ' '
          << image.GetPhotometricInterpretation().GetString();
    write_line(about.str());
    write_all(pixels.data(), pixels.size());
}

}  // namespace osteon
