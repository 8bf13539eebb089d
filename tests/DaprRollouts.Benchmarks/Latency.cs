using System.Collections.Concurrent;
using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>How long it takes from the start of an instance until its first activity is with a worker: two commits.</summary>
internal static class Latency
{
    public static async Task MeasureAsync(int starts)
    {
        await using var bench = await Bench.StartAsync();
        using var over = new CancellationTokenSource();
        ConcurrentDictionary<string, TaskCompletionSource> arrivals = new();
        var worker = new Worker(bench.Client, activities: 1);
        worker.ActivityArrived += id => arrivals[id].TrySetResult();
        var working = worker.RunAsync(over.Token);
        List<double> all = [];
        for (var i = 0; i < starts; i++)
        {
            var arrival = arrivals[$"i{i}"] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = Stopwatch.GetTimestamp();
            await bench.StartInstanceAsync($"i{i}");
            await arrival.Task;
            all.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        all.Sort();
        Console.WriteLine($"start to first activity, {starts} starts: median {all[starts / 2]:0.0} ms, 99% {all[starts * 99 / 100]:0.0} ms, most {all[^1]:0.0} ms");
        await over.CancelAsync();
        await working;
    }
}
