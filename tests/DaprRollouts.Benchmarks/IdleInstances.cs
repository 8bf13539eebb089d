using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Client = DaprRollouts.Protocol.TaskHubSidecarService.TaskHubSidecarServiceClient;

namespace DaprRollouts.Benchmarks;

/// <summary>What instances cost that only wait: memory, disk, and time when an engine starts on them. It runs in a process of its own.</summary>
internal static class IdleInstances
{
    private const int Port = 50055;

    public static async Task MeasureAsync(int instances)
    {
        var directory = Directory.CreateTempSubdirectory("engine-bench-").FullName;
        try
        {
            using (var first = await Served.StartAsync(directory))
            {
                var filling = Stopwatch.GetTimestamp();
                await Parallel.ForAsync(0, instances, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, cancel) =>
                    await first.Client.StartInstanceAsync(new Protocol.CreateInstanceRequest { InstanceId = $"i{i}", Name = Workloads.Wait, Input = "30" }, cancellationToken: cancel));
                Console.WriteLine($"{instances} starts, first turn included: {Stopwatch.GetElapsedTime(filling).TotalSeconds:0.0} s; then {first.Memory()}");
                await Task.Delay(TimeSpan.FromSeconds(60));
                Console.WriteLine($"a minute later: {first.Memory()}");
            }

            var size = new DirectoryInfo(directory).EnumerateFiles().Sum(f => f.Length);
            using var again = await Served.StartAsync(directory);
            Console.WriteLine($"a process that starts on them ({size / 1e6:0} MB of data) answers after {again.StartedAfter.TotalMilliseconds:0} ms; {again.Memory()}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class Served(Process process, GrpcChannel channel, TimeSpan startedAfter) : IDisposable
    {
        public Client Client { get; } = new(channel);

        public TimeSpan StartedAfter => startedAfter;

        public static async Task<Served> StartAsync(string directory)
        {
            var started = Stopwatch.GetTimestamp();
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
            foreach (var argument in new[] { typeof(EngineProcess).Assembly.Location, "serve", directory, Port.ToString(CultureInfo.InvariantCulture) })
            {
                start.ArgumentList.Add(argument);
            }

            var process = Process.Start(start)!;
            await process.StandardOutput.ReadLineAsync();
            var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Port}");
            await new Client(channel).GetInstanceAsync(new Protocol.GetInstanceRequest { InstanceId = "i0" });
            return new Served(process, channel, Stopwatch.GetElapsedTime(started));
        }

        public string Memory()
        {
            process.Refresh();
            return $"{process.WorkingSet64 / 1e6:0} MB of memory";
        }

        public void Dispose()
        {
            channel.Dispose();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
