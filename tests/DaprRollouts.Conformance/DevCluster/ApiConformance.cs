namespace DaprRollouts.Conformance.DevCluster;

/// <summary>
/// The embedded API server answers as a real one does. The answers beside each script were recorded from a real kube-apiserver;
/// given its kubeconfig, the same scripts run there, too. With DAPR_ROLLOUTS_RECORD_ANSWERS=FOLDER they are
/// recorded anew there.
/// </summary>
public sealed class ApiConformance
{
    private const string RecordVariable = "DAPR_ROLLOUTS_RECORD_ANSWERS";

    private static readonly string Cases = Path.Combine(AppContext.BaseDirectory, "DevCluster", "Cases");

    public static IEnumerable<TheoryDataRow<string>> Names =>
        Directory.EnumerateFiles(Cases, "*.http").Order(StringComparer.Ordinal).Select(f => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(f)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_embedded_server_answers_as_recorded(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var target = await ApiTarget.StartEmbeddedAsync(cancellation);

        var answers = await ScriptRun.RunAsync(target.Client, name, Script(name), cancellation);

        // Kept beside the script, where a diff shows more than a failed assertion.
        await File.WriteAllTextAsync(Path.Combine(Cases, $"{name}.received"), answers, cancellation);
        Assert.Equal(await File.ReadAllTextAsync(Answers(Cases, name), cancellation), answers);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_real_server_answers_as_recorded(string name)
    {
        Assert.SkipWhen(ApiTarget.RealKubeconfig is null, $"{ApiTarget.KubeconfigVariable} names no control plane");
        var cancellation = TestContext.Current.CancellationToken;
        await using var target = ApiTarget.ConnectReal(ApiTarget.RealKubeconfig!);

        var answers = await ScriptRun.RunAsync(target.Client, name, Script(name), cancellation);

        if (Environment.GetEnvironmentVariable(RecordVariable) is { Length: > 0 } sources)
        {
            await File.WriteAllTextAsync(Answers(sources, name), answers, cancellation);
            return;
        }
        Assert.Equal(await File.ReadAllTextAsync(Answers(Cases, name), cancellation), answers);
    }

    private static IReadOnlyList<ApiStep> Script(string name) => ApiScript.Parse(File.ReadAllText(Path.Combine(Cases, $"{name}.http")));

    private static string Answers(string folder, string name) => Path.Combine(folder, $"{name}.answers");
}
