using System.Reflection;
using DaprRollouts.Activities;
using DaprRollouts.Cli;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;
using DaprRollouts.Tests.Cli;
using DaprRollouts.Workflows;
using DaprRollouts.Workflows.Contracts;
using Spectre.Console.Testing;

namespace DaprRollouts.Tests.Contracts;

/// <summary>Names and shapes that are kept in histories, on objects, or in the scripts of others. A change here is a change for them.</summary>
public sealed class ContractTests
{
    [Fact]
    public void Names_in_histories_stay() =>
        Approved.Equal("histories", RegisteredNames.Of(WorkflowCatalog.Register, ActivityCatalog.Register).Concat(Constants(typeof(Inbox))));

    [Fact]
    public void Payloads_in_histories_stay() => Approved.Equal("payloads", PayloadText.Of(
        typeof(RolloutRun), typeof(EffectInput), typeof(SignalInput), typeof(Report), typeof(AnalysisRunInput), typeof(AnalysisRound), typeof(AnalysisReport)));

    [Fact]
    public void Every_effect_has_an_activity_of_its_name()
    {
        var registered = RegisteredNames.Of(ActivityCatalog.Register);

        Assert.All(Values(typeof(EffectNames)), name => Assert.Contains($"activity {name}", registered));
        Assert.Equal("CreateReplicaSet", new CreateReplicaSet("app-1", "1", 1).Kind);
    }

    [Fact]
    public void Names_on_objects_stay() => Approved.Equal(
        "objects",
        [.. Constants(typeof(ArgoNames)), .. Constants(typeof(OwnNames)), .. Constants(typeof(ConditionType)), .. Constants(typeof(RolloutPhase)), .. Constants(typeof(PauseReason)), .. Constants(typeof(Reason))]);

    [Fact]
    public void Signals_stay() => Approved.Equal("signals", [.. Constants(typeof(SignalAction)), .. PayloadText.Of(typeof(Signal), typeof(SignalRecord))]);

    [Fact]
    public async Task Commands_and_their_options_stay()
    {
        using var console = new TestConsole().Width(200);
        await using var error = new StringWriter();
        List<string> help = [];
        foreach (var path in CommandLineTests.Leaves([], new Shell(console, error, TimeProvider.System).Command()))
        {
            using var page = new TestConsole().Width(200);
            Assert.Equal(0, await new Shell(page, error, TimeProvider.System).RunAsync([.. path, "--help"]));
            help.AddRange(page.Lines.Select(l => l.TrimEnd().Replace("DaprRollouts.Tests", "dapr-rollouts")));
        }

        Approved.Equal("commands", help);
    }

    private static IEnumerable<string> Constants(Type type) => Values(type).Select(value => $"{type.Name} {value}");

    private static IEnumerable<string> Values(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        .Where(f => f.IsLiteral && f.FieldType == typeof(string))
        .Select(f => (string)f.GetRawConstantValue()!);
}
