using DaprRollouts.Conformance.Engine.Doors;
using DaprRollouts.Conformance.Engine.Protocol;
using DaprRollouts.Engine;
using DaprRollouts.Protocol;
using Microsoft.Data.Sqlite;

namespace DaprRollouts.Conformance.Engine.Storage;

/// <summary>Database files that cannot be used are named and left as they are.</summary>
public sealed class DatabaseTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("garbage, but long enough to be a header of a database, and then some more garbage after that; it goes on for a while yet, to a hundred bytes")]
    [InlineData("short")]
    public async Task A_file_that_is_no_database_is_refused(string content)
    {
        await File.WriteAllTextAsync(_directory.Database, content);

        await RefusedAsync("damaged or not a database");

        Assert.Equal(content, await File.ReadAllTextAsync(_directory.Database));
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await using (await EngineHost.StartAsync(_directory.Path))
        {
        }

        var bytes = await File.ReadAllBytesAsync(_directory.Database);
        Array.Fill(bytes, (byte)0xEE, 100, 2000);
        await File.WriteAllBytesAsync(_directory.Database, bytes);

        await RefusedAsync("damaged");

        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory.Database));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        Execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
        var before = await File.ReadAllBytesAsync(_directory.Database);

        await RefusedAsync("another program");

        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.Database));
    }

    [Fact]
    public async Task A_database_of_another_version_is_refused()
    {
        await using (await EngineHost.StartAsync(_directory.Path))
        {
        }

        Execute("PRAGMA user_version = 999");
        var before = await File.ReadAllBytesAsync(_directory.Database);

        await RefusedAsync("another version");

        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.Database));
    }

    [Fact]
    public async Task A_second_engine_on_the_same_file_is_refused_and_the_first_goes_on()
    {
        await using var first = await EngineHost.StartAsync(_directory.Path);

        await RefusedAsync("in use by another process");

        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(first.Endpoint);
        var hub = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = new RawWorker(hub);
        var started = hub.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "x", Name = "W" });
        await worker.AnswerAsync(Answers.Complete(0, "done"));
        Assert.Equal("x", (await started).InstanceId);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        await File.WriteAllTextAsync(_directory.Database, "a file, not a directory");

        var refused = await Assert.ThrowsAsync<EngineDataException>(() => EngineHost.StartAsync(Path.Combine(_directory.Database, "below")));

        Assert.Contains(_directory.Database, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_refused()
    {
        var refused = await Assert.ThrowsAsync<EngineDataException>(() => EngineHost.StartAsync("/proc/engine"));

        Assert.Contains("/proc/engine", refused.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string reason)
    {
        var refused = await Assert.ThrowsAsync<EngineDataException>(() => EngineHost.StartAsync(_directory.Path));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Database, refused.Message, StringComparison.Ordinal);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
