using CsCheck;

namespace DaprRollouts.Tests.WorkflowSdk.Programs;

/// <summary>A small workflow program: what the random tests run instead of code.</summary>
internal abstract record Step
{
    private const int Deepest = 3;

    private static readonly Gen<string> Name = Gen.Int[0, 2].Select(i => new[] { "a", "b", "c" }[i]);

    private static readonly Gen<Step> Leaf = Gen.OneOf<Step>(
        Name.Select(n => (Step)new Call(n)),
        Gen.Const<Step>(new Pause()),
        Name.Select(n => (Step)new Await(n)),
        Name.Select(n => (Step)new AwaitFor(n)),
        Name.Select(n => (Step)new AwaitForever(n)),
        Name.Select(n => (Step)new Child(n)),
        Gen.Int[1, 3].Select(n => (Step)new Persist(n)),
        Name.Select(n => (Step)new Note(n)),
        Gen.Const<Step>(new Identity()));

    public static readonly Gen<Step> Any = Gen.Recursive<Step>((depth, inner) => depth >= Deepest
        ? Leaf
        : Gen.OneOf(
            Leaf,
            inner.Array[1, 3].Select(s => (Step)new Sequence(s)),
            inner.Array[1, 3].Select(s => (Step)new All(s)),
            inner.Array[1, 3].Select(s => (Step)new First(s))));

    /// <summary>Calls an activity; its failure is part of the result.</summary>
    public sealed record Call(string Activity) : Step;

    /// <summary>Calls an activity again and again until it succeeds or the attempts are used up.</summary>
    public sealed record Persist(int Attempts) : Step;

    public sealed record Pause : Step;

    public sealed record Await(string Event) : Step;

    public sealed record AwaitFor(string Event) : Step;

    public sealed record AwaitForever(string Event) : Step;

    public sealed record Child(string Workflow) : Step;

    /// <summary>Sets the custom status.</summary>
    public sealed record Note(string Text) : Step;

    /// <summary>Makes an id up.</summary>
    public sealed record Identity : Step;

    public sealed record Sequence(Step[] Steps) : Step
    {
        public override string ToString() => $"({string.Join("; ", (object[])Steps)})";
    }

    public sealed record All(Step[] Steps) : Step
    {
        public override string ToString() => $"all({string.Join(", ", (object[])Steps)})";
    }

    /// <summary>Takes the result of whichever ends first; the others go on unheeded.</summary>
    public sealed record First(Step[] Steps) : Step
    {
        public override string ToString() => $"first({string.Join(", ", (object[])Steps)})";
    }
}
