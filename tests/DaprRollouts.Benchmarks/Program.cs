using DaprRollouts.Benchmarks;
using Microsoft.Extensions.Hosting;

switch (args)
{
    case ["serve", var directory, var port]:
        var app = await EngineProcess.StartAsync(directory, int.Parse(port, null));
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    case ["throughput"]:
        await Throughput.MeasureAsync(instances: 1000, activities: 15);
        return 0;
    case ["latency"]:
        await Latency.MeasureAsync(starts: 500);
        return 0;
    case ["idle"]:
        await IdleInstances.MeasureAsync(instances: 100_000);
        return 0;
    default:
        Console.Error.WriteLine("usage: throughput | latency | idle | serve DIRECTORY PORT");
        return 2;
}
