using DaprRollouts.Protocol;
using Google.Protobuf;
using Grpc.Net.Client;

namespace DaprRollouts.Benchmarks;

/// <summary>Writes the histories of an engine's data as JSON, for tests that replay them. The data is copied first and stays as it is.</summary>
internal static class HistoryExport
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithIndentation());

    public static async Task WriteAsync(string data, string folder)
    {
        var copy = Directory.CreateTempSubdirectory("engine-export-").FullName;
        foreach (var file in Directory.EnumerateFiles(data, "engine.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(folder);
        await using (var app = await EngineProcess.StartAsync(copy, 0, WorkerPlace.Nowhere))
        {
            using var channel = GrpcChannel.ForAddress(app.Urls.First(), new GrpcChannelOptions { MaxReceiveMessageSize = null });
            var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
            for (var page = new ListInstanceIDsRequest(); ;)
            {
                var ids = await client.ListInstanceIDsAsync(page);
                foreach (var id in ids.InstanceIds)
                {
                    var history = await client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id });
                    foreach (var failure in history.Events.Select(e => e.TaskFailed?.FailureDetails).OfType<TaskFailureDetails>())
                    {
                        failure.StackTrace = null; // names folders of the machine
                    }

                    await File.WriteAllTextAsync(Path.Combine(folder, $"{id}.json"), Json.Format(history) + "\n");
                }

                if (!ids.HasContinuationToken)
                {
                    break;
                }

                page.ContinuationToken = ids.ContinuationToken;
            }

            await app.StopAsync();
        }

        Directory.Delete(copy, recursive: true);
    }
}
