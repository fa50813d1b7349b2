# Fills an empty Redmine with the office in the JSON file that OFFICE names. Run by benchmarks/redmine_site.py.
#
# {"units": [[id, parent, name]], "people": [[id, unit, name, address]], "coordinator": address,
#  "password": text, "items": [[title, body, unit, owner, due_on, state, progress]]}; a parent stands before
# its children; ids are those of Rectify, from 1 on.
require "json"

office = JSON.parse(File.read(ENV.fetch("OFFICE")))
now = Time.now
statuses = %w[New In\ Progress Resolved Closed Rejected].to_h { |name| [name, IssueStatus.find_by!(name: name).id] }
STATES = {
  "draft" => "New", "assigned" => "New", "in_progress" => "In Progress", "sustained" => "In Progress",
  "submitted" => "Resolved", "closed" => "Closed", "cancelled" => "Rejected"
}.freeze

{ "mail_from" => "redmine@sample.example", "host_name" => "redmine.example", "per_page_options" => "25,50,100" }
  .each { |name, value| Setting[name] = value }

projects = {}
office["units"].each do |id, parent, name|
  projects[id] = Project.create!(
    name: name, identifier: "unit-#{id}", is_public: true, parent: projects[parent],
    enabled_module_names: ["issue_tracking"], trackers: Tracker.all.to_a
  )
end

users = {}
office["people"].each do |id, _unit, name, address|
  users[id] = User.new(firstname: name[1..], lastname: name[0], mail: address, language: "zh", status: 1)
  users[id].login = address
  users[id].password = office["password"] if address == office["coordinator"]
  users[id].save!(validate: false)
end

role = Role.givable.sorted.first
office["people"].each { |id, unit, *| Member.create!(project: projects[unit], user: users[id], roles: [role]) }

tracker, priority, author = Tracker.sorted.first.id, IssuePriority.default.id, users.values.first.id
rows = office["items"].each_with_index.map do |(title, body, unit, owner, due_on, state, progress), at|
  {
    id: at + 1, root_id: at + 1, lft: 1, rgt: 2, tracker_id: tracker, project_id: projects[unit].id,
    subject: title[0, 255], description: body, due_date: due_on, status_id: statuses.fetch(STATES.fetch(state)),
    assigned_to_id: owner && users[owner].id, priority_id: priority, author_id: author, done_ratio: progress,
    created_on: now, updated_on: now, is_private: false, lock_version: 0
  }
end
rows.each_slice(1000) { |several| Issue.insert_all!(several) }
ActiveRecord::Base.connection.reset_pk_sequence!("issues")
ActiveRecord::Base.connection.execute("analyze")
puts "#{Project.count} projects, #{User.count} people, #{Issue.count} issues"
