using System.Globalization;
using DaprRollouts.Benchmarks;
using Microsoft.Extensions.Hosting;

var place = args.Contains("--alone") ? WorkerPlace.Nowhere : args.Contains("--grpc") ? WorkerPlace.OverGrpc : WorkerPlace.SameProcess;
string[] words = [.. args.Where(a => !a.StartsWith("--", StringComparison.Ordinal))];
int Number(int index, int otherwise) => words.Length > index ? int.Parse(words[index], CultureInfo.InvariantCulture) : otherwise;

switch (words is [] ? "" : words[0])
{
    case "serve" when words.Length == 3:
        var app = await EngineProcess.StartAsync(words[1], Number(2, 0), place);
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    case "throughput":
        await Throughput.MeasureAsync(Number(1, 1000), Number(2, 15), place);
        return 0;
    case "latency":
        await Latency.MeasureAsync(500, Number(1, 2500), place);
        return 0;
    case "comparison":
        ComparisonPower.Measure(Number(1, 100_000), Number(2, 50));
        return 0;
    case "history":
        await HistoryGrowth.MeasureAsync(Number(1, 1000), place);
        return 0;
    case "idle":
        await IdleInstances.MeasureAsync(Number(1, 100_000));
        return 0;
    case "export" when words.Length == 3:
        await HistoryExport.WriteAsync(words[1], words[2]);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: throughput [INSTANCES [ACTIVITIES]] | latency [ACTIVITIES-A-SECOND] | history [EVENTS] | idle [INSTANCES] | serve DIRECTORY PORT
                   | export DIRECTORY FOLDER | comparison [SIMULATIONS [PAIRS]]
            --grpc puts a connection between worker and engine, which share a process otherwise.
            comparison tells how often a worse canary is found, and how often one that is not worse.
            --alone serves an engine without a worker.
            export writes the history of every instance in an engine's data directory as JSON, one file each.
            """);
        return 2;
}
