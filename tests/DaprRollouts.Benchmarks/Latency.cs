using System.Collections.Concurrent;
using System.Diagnostics;

namespace DaprRollouts.Benchmarks;

/// <summary>How long it takes from the start of an instance until its first activity runs: two commits. Alone, and beside a load of chains.</summary>
internal static class Latency
{
    private const int Activities = 15;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <param name="probes">How many starts are measured, each way.</param>
    /// <param name="load">How many activities a second run beside them.</param>
    /// <param name="place">Where the worker is.</param>
    public static async Task MeasureAsync(int probes, int load, WorkerPlace place)
    {
        await using var bench = await Bench.StartAsync(place);
        using (var warm = new CancellationTokenSource(WarmUp))
        {
            await LoadAsync(bench, load, "warm", warm.Token);
        }

        await ProbeAsync(bench, "idle", probes);
        using var over = new CancellationTokenSource();
        var loading = LoadAsync(bench, load, "load", over.Token);
        await ProbeAsync(bench, $"beside {load} activities/s", probes);
        await over.CancelAsync();
        await loading;
    }

    private static async Task ProbeAsync(Bench bench, string how, int probes)
    {
        ConcurrentDictionary<string, TaskCompletionSource> arrivals = new();
        void Arrived(string id)
        {
            if (arrivals.TryGetValue(id, out var arrival))
            {
                arrival.TrySetResult();
            }
        }

        Workloads.ActivityArrived += Arrived;
        List<double> all = [];
        for (var i = 0; i < probes; i++)
        {
            var id = $"{how} {i}";
            var arrival = arrivals[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = Stopwatch.GetTimestamp();
            await bench.StartInstanceAsync(Workloads.Chain, id, 1);
            await arrival.Task;
            all.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        Workloads.ActivityArrived -= Arrived;
        all.Sort();
        Console.WriteLine(
            $"start to first activity, {how}: median {all[probes / 2]:0.0} ms, 99% {all[probes * 99 / 100]:0.0} ms, most {all[^1]:0.0} ms of {probes}");
    }

    // A chain every so often, whether the ones before it are done or not: a load, not a race.
    private static async Task LoadAsync(Bench bench, int load, string prefix, CancellationToken over)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var due = TimeSpan.FromSeconds((double)i * Activities / load) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, CancellationToken.None);
            }

            _ = bench.StartInstanceAsync(Workloads.Chain, $"{prefix}{i}", Activities);
        }
    }
}
