using DaprRollouts.Engine;
using Microsoft.Data.Sqlite;

namespace DaprRollouts.Conformance.Engine;

/// <summary>A file that is not the engine's to use is refused with a reason, and left as it is.</summary>
public sealed class DataFile : IDisposable
{
    private readonly DataDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        Execute("CREATE TABLE theirs (x)");

        await AssertRefusedAsync("another program");
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using (await ServedEngine.StartAsync(_data.Path))
        {
        }

        Execute("PRAGMA user_version = 99");

        await AssertRefusedAsync("another version");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(_data.File, string.Concat(Enumerable.Repeat("not a database\n", 1000)), TestContext.Current.CancellationToken);

        await AssertRefusedAsync("damaged or not a database");
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        await File.WriteAllTextAsync(_data.File, "a file", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<EngineDataException>(() => ServedEngine.StartAsync(Path.Combine(_data.File, "below")));

        Assert.Contains("below", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_in_use_by_another_engine_is_refused()
    {
        await using var engine = await ServedEngine.StartAsync(_data.Path);
        await engine.Client.StartInstanceAsync(Answers.Start("i"));

        var refusal = await Assert.ThrowsAsync<EngineDataException>(() => ServedEngine.StartAsync(_data.Path));

        Assert.Contains("in use", refusal.Message, StringComparison.Ordinal);
        Assert.True((await engine.Client.GetInstanceAsync(Answers.Get("i"))).Exists);
    }

    private async Task AssertRefusedAsync(string reason)
    {
        var before = await File.ReadAllBytesAsync(_data.File, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<EngineDataException>(() => ServedEngine.StartAsync(_data.Path));

        Assert.Contains(_data.File, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_data.File, TestContext.Current.CancellationToken));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_data.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
