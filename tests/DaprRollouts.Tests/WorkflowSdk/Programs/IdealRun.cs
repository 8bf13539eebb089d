namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>Runs a program live in a random world, and keeps what the world did.</summary>
internal sealed class IdealRun
{
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly Random _world;

    public IdealRun(Step program, int generations, int seed)
    {
        _world = new Random(seed);
        List<Outcome> leftOver = [];
        for (var generation = 0; generation < generations; generation++)
        {
            leftOver = Live(program, generation, generations, leftOver);
        }
    }

    /// <summary>All that the world did, in its order.</summary>
    public List<Outcome> Outcomes { get; } = [];

    public string Result { get; private set; } = "";

    public string? Status { get; private set; }

    /// <summary>The calls of the last generation.</summary>
    public List<string> Calls { get; private set; } = [];

    private List<Outcome> Live(Step program, int generation, int generations, List<Outcome> leftOver)
    {
        var context = new LiveContext();
        var run = StepCode.RunAsync(context, program, generation, generations);
        // The code comes first: events that were carried over find it at its first wait.
        leftOver.ForEach(context.Raise);
        while (!run.IsCompleted)
        {
            Happen(context, generation);
        }

        if (context.Continues && Outcomes.LastOrDefault() is { } last)
        {
            last.EndsGeneration = true;
        }

        (Result, Status, Calls) = (run.Result, context.Status, context.Calls);
        return context.Unclaimed;
    }

    private void Happen(LiveContext context, int generation)
    {
        int[] open = [.. context.Open.Where(c => c.Value.Kind != "marker").Select(c => c.Key)];
        var value = $"v{Outcomes.Count}";
        if (open.Length == 0 || _world.Next(4) == 0)
        {
            var raised = new Outcome(generation, "event", -1, Names[_world.Next(Names.Length)], value, IsFailure: false);
            Outcomes.Add(raised);
            context.Raise(raised);
            return;
        }

        var id = open[_world.Next(open.Length)];
        var (kind, answer) = context.Open[id];
        context.Open.Remove(id);
        var outcome = new Outcome(generation, kind, id, "", value, IsFailure: kind != "timer" && _world.Next(3) == 0);
        Outcomes.Add(outcome);
        answer(outcome);
    }
}
