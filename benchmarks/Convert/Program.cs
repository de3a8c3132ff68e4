using System.Diagnostics;
using System.Globalization;
using Osteon.Plugins.HandBone;
using Osteon.Runner;

// make FOLDER PATIENTS SIZE   synthetic hands, two a patient
// run FOLDER SIZE [REPEAT]    converts them at a stored size, into a folder that is removed again
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["make", var folder, var patients, var size]:
        new HandSynthesizer(new HandSynthesizerOptions { Patients = int.Parse(patients, CultureInfo.InvariantCulture), TestPatients = 0, Size = int.Parse(size, CultureInfo.InvariantCulture) })
            .Synthesize(Directory.CreateDirectory(folder).FullName, new Progress<(int, int)>(), CancellationToken.None);
        return 0;

    case ["run", var folder, var size, .. var repeat]:
        for (var i = 0; i < (repeat.Length > 0 ? int.Parse(repeat[0], CultureInfo.InvariantCulture) : 3); i++)
        {
            Measure(folder, int.Parse(size, CultureInfo.InvariantCulture));
        }

        return 0;

    default:
        Console.Error.WriteLine("usage: make FOLDER PATIENTS SIZE | run FOLDER SIZE [REPEAT]");
        return 2;
}

static void Measure(string folder, int size)
{
    var store = Directory.CreateTempSubdirectory("osteon-convert-");
    try
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var cases = Conversion.Run(new HandBoneFormat(new HandBoneOptions()), folder, [], size, store.FullName, null, CancellationToken.None);
        var (wall, processor) = (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds);
        var bytes = store.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        Console.WriteLine($"{cases} cases in {wall:0.00} s wall, {processor:0.00} s processor: {cases / wall:0.0} cases/s, {1000 * processor / cases:0} ms processor a case, {bytes / 1024.0 / cases:0} KiB a case, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
    }
    finally
    {
        store.Delete(recursive: true);
    }
}
