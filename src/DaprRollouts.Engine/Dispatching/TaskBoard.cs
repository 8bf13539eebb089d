namespace DaprRollouts.Engine.Dispatching;

/// <summary>An activity of one execution of an instance.</summary>
internal readonly record struct TaskKey(string Instance, string Execution, int Task)
{
    /// <summary>What a worker is to say when it answers: the same each time the activity is handed out.</summary>
    public string Token => $"{Execution}/{Task}";
}

/// <summary>The activities that wait and those that workers have.</summary>
internal sealed class TaskBoard(TimeProvider time, Random? order)
{
    private readonly Dictionary<(string Instance, int Task), List<(TaskKey Key, WorkerStream Stream)>> _underWay = [];

    public WaitingLine<TaskKey> Waiting { get; } = new(time, order);

    public int UnderWay => _underWay.Count;

    /// <summary>Notes that an activity is to run, unless it waits already or a worker has it.</summary>
    public void Ready(TaskKey task)
    {
        if (!IsUnderWay(task))
        {
            Waiting.Add(task);
        }
    }

    public void Give(TaskKey task, WorkerStream stream)
    {
        if (!_underWay.TryGetValue((task.Instance, task.Task), out var given))
        {
            _underWay[(task.Instance, task.Task)] = given = [];
        }

        given.Add((task, stream));
        stream.Tasks++;
    }

    /// <summary>
    /// Finds out which activity a worker answers for, and takes it off the board. A worker that names no token answers for the execution whose activity was handed out first.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="task">The number of the activity.</param>
    /// <param name="token">The token that the worker has sent back; may be empty.</param>
    /// <param name="execution">The execution that is alive now.</param>
    public TaskKey Answered(string instance, int task, string token, string execution)
    {
        var answered = new TaskKey(instance, execution, task);
        if (_underWay.TryGetValue((instance, task), out var given))
        {
            var index = token.Length == 0 ? 0 : given.FindIndex(g => g.Key.Token == token);
            if (index >= 0)
            {
                answered = given[index].Key;
                Take(given, index);
            }
        }

        if (token.Length > 0 && answered.Token != token)
        {
            // From an execution that this board has forgotten: no activity of today's.
            return answered with { Execution = "" };
        }

        Waiting.Remove(answered);
        return answered;
    }

    /// <summary>A worker is gone: its activities wait again.</summary>
    public void Return(WorkerStream stream)
    {
        foreach (var given in _underWay.Values.ToList())
        {
            for (var i = given.Count - 1; i >= 0; i--)
            {
                if (given[i].Stream == stream)
                {
                    var task = given[i].Key;
                    Take(given, i);
                    Waiting.Add(task);
                }
            }
        }
    }

    private bool IsUnderWay(TaskKey task) =>
        _underWay.TryGetValue((task.Instance, task.Task), out var given) && given.Exists(g => g.Key == task);

    private void Take(List<(TaskKey Key, WorkerStream Stream)> given, int index)
    {
        var (task, stream) = given[index];
        stream.Tasks--;
        given.RemoveAt(index);
        if (given.Count == 0)
        {
            _underWay.Remove((task.Instance, task.Task));
        }
    }
}
